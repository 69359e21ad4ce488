//! Dates as front matter has them: calendar days, with the time and offset that were written.
//!
//! Never shifted by a time zone, and no clock is read: who asks whether a date lies in the
//! future passes the moment. The forms are those of the YAML 1.1 timestamp
//! (<https://yaml.org/type/timestamp.html>), and of RFC 3339 with what people make of it.

use std::fmt;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{Offset, TimeZone};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::yaml::shown;

mod guess;

/// The months as English pages have them.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A date, or a date and time, exactly as it was written: never shifted by a time zone.
///
/// The order is that of what was written; a day without a time comes first in its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The day in the calendar.
    pub day: civil::Date,
    /// The time of day, where one was written.
    pub time: Option<civil::Time>,
    /// Minutes east of UTC, where an offset was written (`Z` is 0).
    pub offset_minutes: Option<i32>,
}

/// What is wrong with a date, and what would be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFault {
    /// In one sentence.
    pub message: String,
    /// Ready to paste.
    pub help: Vec<String>,
}

impl DateFault {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: vec![help.into()] }
    }

    /// The error at `place`.
    #[must_use]
    pub fn at(self, place: Span) -> Diagnostic {
        let error = Diagnostic::error(Code::InvalidDate, place, self.message);
        self.help.into_iter().fold(error, Diagnostic::help)
    }
}

impl Date {
    /// The day `day` without a time.
    #[must_use]
    pub fn on(day: civil::Date) -> Self {
        Self { day, time: None, offset_minutes: None }
    }

    /// Reads `text`: `2025-08-02`, `2025-08-02T10:00:00Z`, `2025-8-2 10:00 +0900` and the like.
    ///
    /// # Errors
    ///
    /// For a day or time that does not exist, and for other forms, with what was probably meant.
    pub fn parse(text: &str) -> Result<Self, DateFault> {
        let text = text.trim();
        let end = text.find(['T', 't', ' ', '\t']).unwrap_or(text.len());
        let (day, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        let Some([year, month, day]) = numbers(day) else { return Err(guess::fault(text)) };
        let day = calendar_day(year, month, day)?;
        let clock = rest.trim_start_matches(['T', 't']).trim();
        if rest.is_empty() {
            return Ok(Self::on(day));
        }
        let (time, offset_minutes) = clock_time(clock, day)?;
        Ok(Self { day, time: Some(time), offset_minutes })
    }

    /// Whether it lies after the moment `now`, as the clocks of `zone` go.
    ///
    /// A day without a time begins at its midnight, so that today is no future.
    #[must_use]
    pub fn is_future(&self, now: Timestamp, zone: &TimeZone) -> bool {
        let Some(time) = self.time else { return self.day > zone.to_datetime(now).date() };
        let written = civil::DateTime::from_parts(self.day, time);
        let zone = match self.offset() {
            Some(offset) => TimeZone::fixed(offset),
            None => zone.clone(),
        };
        match zone.to_timestamp(written) {
            Ok(moment) => moment > now,
            // Only the first and last days that there are have no moment in every zone.
            Err(_) => written > zone.to_datetime(now),
        }
    }

    /// The form of RFC 3339 for feeds; what was not written is midnight and the offset of `zone`.
    #[must_use]
    pub fn rfc3339(&self, zone: &TimeZone) -> String {
        let time = self.time.unwrap_or_else(civil::Time::midnight);
        let offset = self.offset().unwrap_or_else(|| {
            let moment = zone.to_timestamp(civil::DateTime::from_parts(self.day, time));
            moment.map_or(Offset::UTC, |moment| zone.to_offset(moment))
        });
        format!("{}T{}{}", self.day, Clock(time), Zone(offset.seconds() / 60))
    }

    /// `2 August 2025`.
    #[must_use]
    pub fn long(&self) -> String {
        [&self.day_and_month(), " ", itoa::Buffer::new().format(self.day.year())].concat()
    }

    /// `2 August`.
    #[must_use]
    pub fn day_and_month(&self) -> String {
        [itoa::Buffer::new().format(self.day.day()), " ", month_name(self.day.month())].concat()
    }

    /// `2 Aug`: three letters of the month, four of those that have no more and of September.
    #[must_use]
    pub fn short(&self) -> String {
        let name = month_name(self.day.month());
        let letters = if matches!(self.day.month(), 6 | 7 | 9) { 4 } else { 3 };
        let name = name.get(..letters).unwrap_or(name);
        [itoa::Buffer::new().format(self.day.day()), " ", name].concat()
    }

    fn offset(&self) -> Option<Offset> {
        Offset::from_seconds(self.offset_minutes? * 60).ok()
    }
}

impl fmt::Display for Date {
    /// As ISO 8601 has it: `2025-08-02`, `2025-08-02T10:00:00+09:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.day.fmt(f)?;
        if let Some(time) = self.time {
            write!(f, "T{}", Clock(time))?;
        }
        match self.offset_minutes {
            Some(minutes) => Zone(minutes).fmt(f),
            None => Ok(()),
        }
    }
}

/// A time with as much of a fraction as it has.
struct Clock(civil::Time);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.0.hour(), self.0.minute(), self.0.second())?;
        match self.0.subsec_nanosecond() {
            0 => Ok(()),
            fraction => write!(f, ".{}", format!("{fraction:09}").trim_end_matches('0')),
        }
    }
}

/// An offset in minutes east of UTC.
struct Zone(i32);

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("Z");
        }
        let sign = if self.0 < 0 { '-' } else { '+' };
        let minutes = self.0.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

fn month_name(month: i8) -> &'static str {
    usize::try_from(month)
        .ok()
        .and_then(|month| MONTHS.get(month.checked_sub(1)?))
        .copied()
        .unwrap_or_default()
}

/// Year, month and day of `2025-08-02` or `2025-8-2`.
fn numbers(text: &str) -> Option<[i16; 3]> {
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4..=4)?;
    let month = number(parts.next()?, 1..=2)?;
    let day = number(parts.next()?, 1..=2)?;
    parts.next().is_none().then_some([year, month, day])
}

/// The number `digits`, if it has as many digits as `length` says and nothing else.
fn number(digits: &str, length: std::ops::RangeInclusive<usize>) -> Option<i16> {
    let whole = length.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    whole.then(|| digits.parse().ok()).flatten()
}

fn calendar_day(year: i16, month: i16, day: i16) -> Result<civil::Date, DateFault> {
    if year == 0 {
        return Err(DateFault::new("there is no year 0", "write a year from 0001 to 9999"));
    }
    if !(1..=12).contains(&month) {
        let message = format!("there is no month {month}: months go from 1 to 12");
        let help = match (1..=12).contains(&day) && (1..=31).contains(&month) {
            true => {
                format!("if day and month changed places, write `{year:04}-{day:02}-{month:02}`")
            }
            false => "write a date such as `2025-08-02`: year, month, day".to_owned(),
        };
        return Err(DateFault::new(message, help));
    }
    let month = i8::try_from(month).unwrap_or_default();
    let first = civil::Date::new(year, month, 1).unwrap_or(civil::Date::ZERO);
    let last = first.days_in_month();
    i8::try_from(day).ok().and_then(|day| civil::Date::new(year, month, day).ok()).ok_or_else(
        || {
            let message = format!(
                "there is no day {day} in {} {year}, which has {last} days",
                month_name(month)
            );
            DateFault::new(
                message,
                format!("write a day from `{first}` to `{}`", first.last_of_month()),
            )
        },
    )
}

/// The time and offset of `10:00`, `10:00:00.5 +09:00`, `10:00Z`.
fn clock_time(text: &str, day: civil::Date) -> Result<(civil::Time, Option<i32>), DateFault> {
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(text.len());
    let (clock, zone) = text.split_at_checked(end).unwrap_or((text, ""));
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let unclear = || {
        let help = format!("write `{day}`, `{day}T10:00:00Z` or `{day} 10:00 +09:00`");
        DateFault::new(format!("{} is no time of day", shown(text)), help)
    };
    let parts: Option<Vec<i16>> = clock
        .split(':')
        .enumerate()
        .map(|(at, part)| number(part, if at == 0 { 1..=2 } else { 2..=2 }))
        .collect();
    let (hour, minute, second) = match parts.as_deref() {
        Some(&[hour, minute]) if fraction.is_empty() => (hour, minute, 0),
        Some(&[hour, minute, second]) => (hour, minute, second),
        _ => return Err(unclear()),
    };
    // A leap second is the last second of its minute to those who do not count it.
    let second = if second == 60 { 59 } else { second };
    for (value, limit, name) in [(hour, 23, "hour"), (minute, 59, "minute"), (second, 59, "second")]
    {
        if value > limit {
            let message = format!("there is no {name} {value}: {name}s go from 0 to {limit}");
            return Err(DateFault::new(message, format!("write a time such as `{day}T10:00:00Z`")));
        }
    }
    let small = |number: i16| i8::try_from(number).unwrap_or_default();
    let time = civil::Time::new(small(hour), small(minute), small(second), nanoseconds(fraction));
    Ok((time.map_err(|_| unclear())?, offset(zone.trim()).ok_or_else(unclear)?))
}

/// The digits after the point; those beyond the ninth are nothing that anybody wrote by hand.
fn nanoseconds(fraction: &str) -> i32 {
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    digits.fold(0, |sum, digit| sum * 10 + i32::from(digit.saturating_sub(b'0')))
}

/// Minutes east of UTC: nothing inside where nothing is written, nothing at all where it is no offset.
fn offset(zone: &str) -> Option<Option<i32>> {
    if zone.is_empty() {
        return Some(None);
    }
    if ["z", "utc", "gmt"].iter().any(|name| zone.eq_ignore_ascii_case(name)) {
        return Some(Some(0));
    }
    let (sign, digits) = match zone.strip_prefix(['-', '−']) {
        Some(digits) => (-1, digits),
        None => (1, zone.strip_prefix('+')?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() <= 2 => (digits, "00"),
        None => digits.split_at_checked(digits.len() - 2)?,
    };
    let (hours, minutes) = (number(hours, 1..=2)?, number(minutes, 2..=2)?);
    (hours < 24 && minutes < 60).then(|| Some(sign * (i32::from(hours) * 60 + i32::from(minutes))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{Date, TimeZone, Timestamp};

    #[track_caller]
    fn check(text: &str, iso: &str) {
        assert_eq!(Date::parse(text).map(|date| date.to_string()).as_deref(), Ok(iso), "{text:?}");
    }

    #[track_caller]
    fn check_fault(text: &str, said: &str) {
        let fault = Date::parse(text).unwrap_err();
        assert_eq!(format!("{} | {}", fault.message, fault.help.join(" | ")), said, "{text:?}");
    }

    #[test]
    fn all_forms_of_the_yaml_timestamp_are_read() {
        check("2025-08-02", "2025-08-02");
        check("2025-8-2", "2025-08-02");
        check("2025-08-02T10:00:00Z", "2025-08-02T10:00:00Z");
        check("2025-08-02t1:00:00.500z", "2025-08-02T01:00:00.5Z");
        check("2025-08-02 10:00:00 +0900", "2025-08-02T10:00:00+09:00");
        check("2025-08-02\t10:00:00 -5", "2025-08-02T10:00:00-05:00");
        check("2025-08-02T10:00:00+09:30", "2025-08-02T10:00:00+09:30");
        check("2025-08-02 10:00", "2025-08-02T10:00:00");
        check("2025-08-02 10:00 UTC", "2025-08-02T10:00:00Z");
        check("2025-08-02 23:59:60.1234567891 −05:30", "2025-08-02T23:59:59.123456789-05:30");
        check("2024-02-29", "2024-02-29");
    }

    #[test]
    fn what_is_not_in_the_calendar_is_named() {
        let help = "write a day from `2025-02-01` to `2025-02-28`";
        check_fault(
            "2025-02-30",
            &format!("there is no day 30 in February 2025, which has 28 days | {help}"),
        );
        check_fault(
            "2025-13-08",
            "there is no month 13: months go from 1 to 12 | if day and month changed places, write `2025-08-13`",
        );
        check_fault(
            "2025-00-40",
            "there is no month 0: months go from 1 to 12 | write a date such as `2025-08-02`: year, month, day",
        );
        check_fault("0000-01-01", "there is no year 0 | write a year from 0001 to 9999");
        let help = "write a time such as `2025-08-02T10:00:00Z`";
        check_fault(
            "2025-08-02 24:00",
            &format!("there is no hour 24: hours go from 0 to 23 | {help}"),
        );
        check_fault(
            "2025-08-02 10:60",
            &format!("there is no minute 60: minutes go from 0 to 59 | {help}"),
        );
        let help = "write `2025-08-02`, `2025-08-02T10:00:00Z` or `2025-08-02 10:00 +09:00`";
        for time in ["noon", "10", "10:00:00 CEST", "10:00 +25:00", "10:00.5"] {
            check_fault(
                &format!("2025-08-02 {time}"),
                &format!("`{time}` is no time of day | {help}"),
            );
        }
        check_fault("2025-08-02T", &format!("`` is no time of day | {help}"));
    }

    #[test]
    fn the_order_is_that_of_what_was_written() {
        let mut dates =
            ["2025-08-03", "2025-08-02 10:00", "2025-08-02", "2025-08-02 09:00"].map(|text| {
                let date = Date::parse(text);
                date.unwrap()
            });
        dates.sort();
        assert_eq!(
            dates.map(|date| date.to_string()),
            ["2025-08-02", "2025-08-02T09:00:00", "2025-08-02T10:00:00", "2025-08-03"]
        );
    }

    #[test]
    fn today_is_that_of_the_zone_and_no_future() {
        let now: Timestamp = "2025-08-02T20:00:00Z".parse().unwrap();
        let (utc, tokyo) = (TimeZone::UTC, TimeZone::get("Asia/Tokyo").unwrap());
        for (text, in_utc, in_tokyo) in [
            ("2025-08-02", false, false),
            ("2025-08-03", true, false),
            ("2025-08-04", true, true),
            ("2025-08-03 04:00", true, false),
            ("2025-08-02 21:00 +09:00", false, false),
            ("2025-08-03 05:00:01 +09:00", true, true),
            ("9999-12-31 23:59 -23:00", true, true),
            ("0001-01-01 00:00 +23:00", false, false),
        ] {
            let date = Date::parse(text).unwrap();
            assert_eq!(
                (date.is_future(now, &utc), date.is_future(now, &tokyo)),
                (in_utc, in_tokyo),
                "{text}"
            );
        }
    }

    #[test]
    fn feeds_have_the_offset_of_the_site() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        for (text, utc, there) in [
            ("2025-08-02", "2025-08-02T00:00:00Z", "2025-08-02T00:00:00+02:00"),
            ("2025-12-02 10:30", "2025-12-02T10:30:00Z", "2025-12-02T10:30:00+01:00"),
            ("2025-08-02 10:00 -05:30", "2025-08-02T10:00:00-05:30", "2025-08-02T10:00:00-05:30"),
        ] {
            let date = Date::parse(text).unwrap();
            assert_eq!(
                (date.rfc3339(&TimeZone::UTC), date.rfc3339(&paris)),
                (utc.to_owned(), there.to_owned())
            );
        }
    }

    #[test]
    fn pages_have_english_dates() {
        for (text, long, short) in [
            ("2025-08-02", "2 August 2025", "2 Aug"),
            ("2025-09-14", "14 September 2025", "14 Sept"),
            ("2025-05-01", "1 May 2025", "1 May"),
            ("2025-06-30", "30 June 2025", "30 June"),
        ] {
            let date = Date::parse(text).unwrap();
            assert_eq!((date.long().as_str(), date.short().as_str()), (long, short));
        }
    }

    proptest! {
        #[test]
        fn a_date_that_is_read_is_written_and_read_again(text in "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[T ]?[-+:0-9TZ. ]{0,16}") {
            if let Ok(date) = Date::parse(&text) {
                prop_assert_eq!(Date::parse(&date.to_string()), Ok(date));
            }
        }

        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,30}") {
            prop_assert!(Date::parse(&text).is_ok_and(|date| date.day.year() > 0) || Date::parse(&text).is_err());
        }
    }
}
