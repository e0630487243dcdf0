//! The findings as people read them.

use std::fmt::{Display, Write as _};

use anstyle::Style;
use doctor::{Counts, Examination, Finding, Mark, Question, State, WriteReport};
use unicode_width::UnicodeWidthStr;

use crate::screen::{ASIDE, GOOD, HEAD, NOTABLE, WRONG, column};

/// Columns of the whole table.
const WIDTH: usize = 118;
/// Columns of the mark and of what was looked at.
const LEFT: [usize; 2] = [9, 36];

/// The parts of the table, by what the ids of their findings begin with. The last one takes the rest.
const PARTS: [(&str, &[&str]); 3] =
    [("Settings", &["setting.", "no_setting."]), ("Hosts", &["host."]), ("Shop and ERP", &[])];

/// What an examination found.
pub fn of_examination(seen: &Examination) -> String {
    let mut text = String::new();
    let mut rest: Vec<&Finding> = seen.findings.iter().collect();
    for (name, prefixes) in PARTS {
        let belongs = |finding: &&Finding| {
            prefixes.is_empty() || prefixes.iter().any(|prefix| finding.id.starts_with(prefix))
        };
        let (part, others) = rest.into_iter().partition(belongs);
        rest = others;
        write_part(&mut text, name, part);
    }
    write_questions(&mut text, &seen.questions);
    let seconds = f64::from(u32::try_from(seen.milliseconds).unwrap_or(u32::MAX)) / 1000.0;
    line(
        &mut text,
        format_args!("\n{}. {} calls to the shop, {seconds:.1} s.", totals(&seen.counts), seen.calls),
    );
    text
}

/// What a write test found.
pub fn of_writes(report: &WriteReport) -> String {
    let mut text = String::new();
    write_part(&mut text, "What the writes showed", report.findings.iter().collect());
    write_questions(&mut text, &report.questions);
    line(&mut text, format_args!("\n{}.", totals(&report.counts)));
    text
}

fn totals(counts: &Counts) -> String {
    let Counts { ok, note, warning, wrong } = counts;
    format!("{wrong} wrong, {warning} to be looked at, {note} to be known, {ok} ok")
}

fn write_part(text: &mut String, name: &str, mut findings: Vec<&Finding>) {
    if findings.is_empty() {
        return;
    }
    line(text, format_args!("{}{HEAD}{name}{HEAD:#}", if text.is_empty() { "" } else { "\n" }));
    findings.sort_by_key(|finding| &finding.origin);
    for finding in findings {
        write_finding(text, finding);
    }
}

fn write_finding(text: &mut String, finding: &Finding) {
    let (word, style) = shown(finding.mark);
    let origin = finding.origin.as_ref().map(|origin| format!("{origin}: ")).unwrap_or_default();
    let what = format!("{origin}{}", finding.what);
    let [marks, whats] = LEFT;
    let mut left = format!("{style}{}{style:#}{} ", column(word, marks), column(&what, whats));
    for words in wrapped(&finding.found, WIDTH - marks - whats - 1) {
        line(text, format_args!("{left}{words}"));
        left = " ".repeat(marks + whats + 1);
    }
    for (at, words) in
        wrapped(finding.advice.as_deref().unwrap_or_default(), WIDTH - marks - whats - 3).iter().enumerate()
    {
        let arrow = if at == 0 { "→" } else { " " };
        line(text, format_args!("{}{style}{arrow}{style:#} {words}", " ".repeat(marks + whats + 1)));
    }
}

fn write_questions(text: &mut String, questions: &[Question]) {
    line(text, format_args!("\n{HEAD}What the shop's documentation leaves open{HEAD:#}"));
    for question in questions {
        let (word, style) = match question.state {
            State::Answered => ("answered", GOOD),
            State::Partly => ("partly", NOTABLE),
            State::Open => ("open", ASIDE),
        };
        let left = format!("{:>2} {style}{}{style:#} ", question.number, column(word, 9));
        let indent = 13;
        for (at, words) in wrapped(question.question, WIDTH - indent).iter().enumerate() {
            let left = if at == 0 { left.clone() } else { " ".repeat(indent) };
            line(text, format_args!("{left}{words}"));
        }
        let parts = [Some(question.answer.as_str()).filter(|_| question.state != State::Open), question.ask];
        for (part, arrow) in
            parts.into_iter().zip(["= ", "→ "]).filter_map(|(part, arrow)| Some((part?, arrow)))
        {
            for (at, words) in wrapped(part, WIDTH - indent - 2).iter().enumerate() {
                let arrow = if at == 0 { arrow } else { "  " };
                line(text, format_args!("{}{arrow}{words}", " ".repeat(indent)));
            }
        }
    }
}

fn shown(mark: Mark) -> (&'static str, Style) {
    match mark {
        Mark::Ok => ("ok", GOOD),
        Mark::Note => ("note", ASIDE),
        Mark::Warning => ("warning", NOTABLE),
        Mark::Wrong => ("wrong", WRONG),
    }
}

fn line(text: &mut String, words: impl Display) {
    // Writing into a String cannot fail.
    let _ = writeln!(text, "{words}");
}

/// The text in lines of at most so many columns. A longer word has a line of its own. What cannot be printed is left out.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let plain: String = text.chars().filter(|letter| !letter.is_control()).collect();
    for word in plain.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_their_width_and_no_word_is_lost() {
        assert_eq!(
            wrapped("set SPIN_VARIABLE_TRAILING_SLASH=always now", 12),
            ["set", "SPIN_VARIABLE_TRAILING_SLASH=always", "now"]
        );
        assert_eq!(wrapped("a b c", 3), ["a b", "c"]);
        assert_eq!(wrapped("a\x1b[31m", 20), ["a[31m"]);
        assert!(wrapped("", 3).is_empty());
    }
}
