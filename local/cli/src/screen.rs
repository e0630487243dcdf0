//! What people see: colours only where a terminal shows them, and no fuss when the reader has left.

use std::fmt::Display;
use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Headings.
pub const HEAD: Style = Style::new().bold();
/// Asides.
pub const ASIDE: Style = Style::new().dimmed();
/// What went well.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What people should look at.
pub const NOTABLE: Style = AnsiColor::Yellow.on_default();
/// What went wrong.
pub const WRONG: Style = AnsiColor::Red.on_default().bold();

/// A line on standard output. `onboarding ... | head` must not end in a panic, so a reader that has left is ignored.
pub fn line(text: impl Display) {
    let _ = writeln!(anstream::stdout().lock(), "{text}");
}

/// A line on standard error.
pub fn note(text: impl Display) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// The text in exactly so many columns. What cannot be printed is left out: names come from people.
pub fn column(text: &str, width: usize) -> String {
    let text: String = text.chars().filter(|letter| !is_control(*letter)).collect();
    let mut fitting = text.clone();
    if text.width() > width {
        fitting.clear();
        for letter in text.chars() {
            if fitting.width() + letter.width().unwrap_or_default() + 1 > width {
                break;
            }
            fitting.push(letter);
        }
        fitting.push('…');
    }
    let padding = width.saturating_sub(fitting.width());
    fitting.extend(std::iter::repeat_n(' ', padding));
    fitting
}

/// Control characters, and those that turn the direction of what follows.
fn is_control(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A line of progress that overwrites itself, where standard error is a terminal.
pub struct Progress {
    terminal: bool,
}

impl Progress {
    /// Nothing is shown yet.
    pub fn new() -> Self {
        Self { terminal: std::io::stderr().is_terminal() }
    }

    /// Shows the text until the next one; nothing without a terminal.
    pub fn show(&self, text: &str) {
        if self.terminal {
            let mut out = anstream::stderr().lock();
            let _ = write!(out, "\r\x1b[2K{ASIDE}{}{ASIDE:#}", column(text, 78).trim_end());
            let _ = out.flush();
        }
    }

    /// Takes the text away.
    pub fn clear(&self) {
        if self.terminal {
            let mut out = anstream::stderr().lock();
            let _ = write!(out, "\r\x1b[2K");
            let _ = out.flush();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_its_width_whatever_the_name() {
        for (text, want) in [
            ("Jansen", "Jansen    "),
            ("Jansen Bouw B.V.", "Jansen Bo…"),
            ("Ёлка 🌷 B.V.", "Ёлка 🌷 B…"),
            ("a\x1b[31mb\u{202e}", "a[31mb    "),
            ("", "          "),
        ] {
            let column = column(text, 10);
            assert_eq!(column, want);
            assert_eq!(column.width(), 10, "{column}");
        }
    }
}
