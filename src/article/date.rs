//! Calendar dates as front matter has them.

/// A date, or a date and time, exactly as it was written: never shifted by a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The day in the calendar.
    pub day: jiff::civil::Date,
    /// The time of day, where one was written.
    pub time: Option<jiff::civil::Time>,
    /// Minutes east of UTC, where an offset was written (`Z` is 0).
    pub offset_minutes: Option<i32>,
}
