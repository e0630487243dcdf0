//! Questions to a person, on standard error: standard output may be going to a machine.

use doctor::{Prompt, Reply, Write};

use crate::screen::{self, ASIDE, HEAD};

/// The person's answer. With `yes`, writes are not asked about; without a terminal, nobody knows about mails.
pub fn answer(prompt: &Prompt<'_>, yes: bool, terminal: bool) -> Reply {
    match prompt {
        Prompt::Write(write) => {
            tell(write);
            if yes { Reply::Yes } else { ask("Send it? [y/N]", Reply::No) }
        }
        Prompt::Mail { .. } if !terminal => Reply::Unknown,
        Prompt::Mail { after } => {
            screen::note(format_args!("\nLook into the test user's mailbox. Give it a minute or two."));
            ask(&format!("Did a mail arrive after {after}? [y/n/?]"), Reply::Unknown)
        }
    }
}

fn tell(Write { why, method, address, body }: &Write<'_>) {
    screen::note(format_args!("\n{HEAD}Next: {why}{HEAD:#}\n  {method} {address}\n  {ASIDE}{body}{ASIDE:#}"));
}

fn ask(question: &str, otherwise: Reply) -> Reply {
    screen::note(question);
    let mut line = String::new();
    // Who closes the input has said nothing.
    let _ = std::io::stdin().read_line(&mut line);
    understood(&line).unwrap_or(otherwise)
}

fn understood(line: &str) -> Option<Reply> {
    match line.trim().to_lowercase().as_str() {
        "y" | "yes" => Some(Reply::Yes),
        "n" | "no" => Some(Reply::No),
        "?" => Some(Reply::Unknown),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_yes_is_one() {
        for (line, want) in [
            ("y\n", Some(Reply::Yes)),
            (" YES ", Some(Reply::Yes)),
            ("n", Some(Reply::No)),
            ("?", Some(Reply::Unknown)),
            ("yep", None),
            ("", None),
        ] {
            assert_eq!(understood(line), want, "{line:?}");
        }
    }

    #[test]
    fn without_a_terminal_nobody_knows_about_mails() {
        assert_eq!(answer(&Prompt::Mail { after: "the link" }, true, false), Reply::Unknown);
    }
}
