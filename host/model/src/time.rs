//! Times: ISO-8601 text in exports, milliseconds since 1970 everywhere else.

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Timestamp = i64;

const DAY: i64 = 86_400_000;

/// Reads `2023-09-01T13:02:49.271Z`: date, `T` or a space, time with optional seconds and fraction, and `Z`, an offset or nothing (meaning UTC).
/// A fraction may have any number of digits; what is below a millisecond is cut.
pub fn parse_iso(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = bytes.get(from..to)?;
        digits.iter().all(u8::is_ascii_digit).then(|| digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
    };
    let at = |position: usize, expected: &[u8]| bytes.get(position).is_some_and(|byte| expected.contains(byte));
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    if !at(4, b"-") || !at(7, b"-") || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let date = days_from_civil(year, month, day) * DAY;
    if bytes.len() == 10 {
        return Some(date);
    }
    let (hour, minute) = (number(11, 13)?, number(14, 16)?);
    if !at(10, b"Tt ") || !at(13, b":") || hour > 24 || minute > 59 {
        return None;
    }
    let mut time = (hour * 60 + minute) * 60_000;
    let mut rest = 16;
    if at(rest, b":") {
        let second = number(17, 19)?;
        if second > 60 {
            return None;
        }
        time += second * 1000;
        rest = 19;
        if at(rest, b".,") {
            let mut scale = 100;
            rest += 1;
            while let Some(digit @ b'0'..=b'9') = bytes.get(rest) {
                time += i64::from(digit - b'0') * scale;
                scale /= 10;
                rest += 1;
            }
        }
    }
    let offset = match bytes.get(rest..)? {
        b"" | b"Z" | b"z" => 0,
        [sign @ (b'+' | b'-'), ..] => {
            let hours = number(rest + 1, rest + 3)?;
            let (minutes, end) = match at(rest + 3, b":") {
                true => (number(rest + 4, rest + 6)?, rest + 6),
                false => number(rest + 3, rest + 5).map_or((0, rest + 3), |minutes| (minutes, rest + 5)),
            };
            if bytes.len() != end {
                return None;
            }
            let offset = (hours * 60 + minutes) * 60_000;
            if *sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    Some(date + time - offset)
}

/// A moment as year, month, day, hour, minute, second and millisecond in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// Year; may be negative.
    pub year: i64,
    /// Month, from 1.
    pub month: i64,
    /// Day of the month, from 1.
    pub day: i64,
    /// Hour, 0 to 23.
    pub hour: i64,
    /// Minute, 0 to 59.
    pub minute: i64,
    /// Second, 0 to 59.
    pub second: i64,
    /// Millisecond, 0 to 999.
    pub millisecond: i64,
}

impl Civil {
    /// The UTC calendar time of a timestamp.
    pub fn from_timestamp(timestamp: Timestamp) -> Self {
        let (days, rest) = (timestamp.div_euclid(DAY), timestamp.rem_euclid(DAY));
        let (year, month, day) = civil_from_days(days);
        Self { year, month, day, hour: rest / 3_600_000, minute: rest / 60_000 % 60, second: rest / 1000 % 60, millisecond: rest % 1000 }
    }
}

/// `2023-09-01T13:02:49.271Z`, as Hub writes times.
pub fn format_iso(timestamp: Timestamp) -> String {
    let t = Civil::from_timestamp(timestamp);
    format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", t.year, t.month, t.day, t.hour, t.minute, t.second, t.millisecond)
}

/// `2024-09-10-12_44_40`, as in the names of Hub's export files.
pub fn format_file_stamp(timestamp: Timestamp) -> String {
    let t = Civil::from_timestamp(timestamp);
    format!("{:04}-{:02}-{:02}-{:02}_{:02}_{:02}", t.year, t.month, t.day, t.hour, t.minute, t.second)
}

/// Reads the time out of the name of an export file, `<Project>-task-export-2024-09-10-12_44_40_GMT.json`.
pub fn parse_file_stamp(name: &str) -> Option<Timestamp> {
    let stem = &name[..name.rfind("_GMT")?];
    let stamp = stem.get(stem.len().checked_sub(19)?..)?;
    let (date, time) = (stamp.get(..10)?, stamp.get(11..)?);
    parse_iso(&format!("{date}T{}Z", time.replace('_', ":")))
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar. Counts in years that begin in March, so that the leap day comes last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_times_read() {
        assert_eq!(parse_iso("2023-06-13T11:43:46.604Z"), Some(1_686_656_626_604));
        assert_eq!(parse_iso("2023-06-13T11:43:46.604999Z"), parse_iso("2023-06-13T11:43:46.604Z"));
        assert_eq!(parse_iso("1970-01-01T01:30+0130"), Some(0));
        assert_eq!(parse_iso("1970-01-01T01+01"), None);
        assert_eq!(parse_iso("1970-01-01T01:00+01"), Some(0));
        assert_eq!(parse_iso("1970-01-01"), Some(0));
        assert_eq!(parse_iso("2024-02-29T24:00:00+02:00"), parse_iso("2024-02-29T22:00Z"));
        assert_eq!(parse_file_stamp("Production-task-export-2024-09-10-12_44_40_GMT.json"), parse_iso("2024-09-10T12:44:40Z"));
        for wrong in [
            "",
            "yesterday",
            "2023-13-01",
            "2023-06-13T",
            "2023-06-13T11:43:46.604Q",
            "2023-06-13T11:43+01:00Z",
            "2023-06-13T11:43+01x",
            "é023-06-13",
        ] {
            assert_eq!(parse_iso(wrong), None, "{wrong}");
        }
        assert_eq!(parse_file_stamp("éé_GMT"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(timestamp in -60_000_000_000_000i64..250_000_000_000_000) {
            prop_assert_eq!(parse_iso(&format_iso(timestamp)), Some(timestamp));
        }
    }
}
