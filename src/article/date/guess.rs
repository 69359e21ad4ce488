//! What a date in another form than ISO 8601 was probably meant to be.

use super::{DateFault, MONTHS, calendar_day, number};
use crate::yaml::shown;

/// What is wrong with `text`, which does not begin with year, month and day.
pub(super) fn fault(text: &str) -> DateFault {
    let message = format!("{} is no date that Agon reads", shown(text));
    let guesses = guesses(text);
    match guesses.as_slice() {
        [] => DateFault::new(message, "write `2025-08-02`: year, month, day"),
        [one] => DateFault::new(message, format!("write `{one}`")),
        several => DateFault {
            message: format!("{message}, for day and month cannot be told apart"),
            help: several
                .iter()
                .map(|one| format!("write `{one}` for {}", written(*one)))
                .collect(),
        },
    }
}

fn written(day: jiff::civil::Date) -> String {
    super::Date::on(day).long()
}

/// The days that `text` can mean, at most two.
fn guesses(text: &str) -> Vec<jiff::civil::Date> {
    if let Some(day) = with_month_name(text) {
        return vec![day];
    }
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits
        && let (Some(year), Some(month), Some(day)) = (text.get(..4), text.get(4..6), text.get(6..))
    {
        return in_order(year, month, day).into_iter().collect();
    }
    let parts: Vec<&str> =
        text.split(['/', '.', '-', '–', '—', '‑', ' ']).filter(|part| !part.is_empty()).collect();
    let days = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => [in_order(year, month, day), None],
        // The point parts day, month and year in the languages that write it so.
        [day, month, year] if text.contains('.') => [in_order(year, month, day), None],
        [first, second, year] => [in_order(year, second, first), in_order(year, first, second)],
        [year, month] if year.len() == 4 => [in_order(year, month, "1"), None],
        [year] => [in_order(year, "1", "1"), None],
        _ => [None, None],
    };
    let mut days: Vec<_> = days.into_iter().flatten().collect();
    days.dedup();
    days
}

fn in_order(year: &str, month: &str, day: &str) -> Option<jiff::civil::Date> {
    calendar_day(number(year, 4..=4)?, number(month, 1..=2)?, number(day, 1..=2)?).ok()
}

/// `2 August 2025`, `Aug. 2nd, 2025`.
fn with_month_name(text: &str) -> Option<jiff::civil::Date> {
    let words: Vec<&str> =
        text.split([' ', ',', '.', '-', '/']).filter(|word| !word.is_empty()).collect();
    let [first, second, year] = *words.as_slice() else { return None };
    let (day, month) = match month_number(first) {
        Some(month) => (second, month),
        None => (first, month_number(second)?),
    };
    let day = ["st", "nd", "rd", "th"].iter().find_map(|end| day.strip_suffix(end)).unwrap_or(day);
    calendar_day(number(year, 4..=4)?, month, number(day, 1..=2)?).ok()
}

fn month_number(word: &str) -> Option<i16> {
    let word = word.to_ascii_lowercase();
    let at = MONTHS
        .iter()
        .position(|name| word.len() >= 3 && name.to_ascii_lowercase().starts_with(&word))?;
    i16::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[track_caller]
    fn check(text: &str, help: &[&str]) {
        let fault = fault(text);
        assert!(fault.message.starts_with(&format!("`{text}` is no date that Agon reads")));
        assert_eq!(fault.help, help, "{text:?}");
    }

    #[test]
    fn a_form_with_one_meaning_is_shown_as_it_should_be() {
        for text in [
            "2 August 2025",
            "August 2, 2025",
            "Aug. 2nd 2025",
            "2-Aug-2025",
            "2025/08/02",
            "2025.8.2",
            "2025–08–02",
            "20250802",
            "02.08.2025",
        ] {
            check(text, &["write `2025-08-02`"]);
        }
        check("31/12/2025", &["write `2025-12-31`"]);
        check("12/31/2025", &["write `2025-12-31`"]);
        check("2025-08", &["write `2025-08-01`"]);
        check("2025", &["write `2025-01-01`"]);
        check("08/08/2025", &["write `2025-08-08`"]);
    }

    #[test]
    fn a_form_with_two_meanings_shows_both() {
        check(
            "02/08/2025",
            &["write `2025-08-02` for 2 August 2025", "write `2025-02-08` for 8 February 2025"],
        );
    }

    #[test]
    fn anything_else_shows_the_form() {
        for text in
            ["yesterday", "", "30 February 2025", "2025-08-02-03", "99/99/2025", "2 Auguste 2025"]
        {
            check(text, &["write `2025-08-02`: year, month, day"]);
        }
    }
}
