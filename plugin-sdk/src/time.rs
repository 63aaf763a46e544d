//! Timestamps of the contract (milliseconds since 1970-01-01T00:00:00Z) as text. The sandbox has no clock and no time zones.

const DAY: i64 = 86_400_000;

/// `2024-05-01T00:37:00.060Z`. Years outside 0 to 9999 get as many digits and the sign they need.
pub fn format_iso(timestamp: i64) -> String {
    let mut out = Vec::with_capacity(24);
    write_iso(&mut out, timestamp);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends what [`format_iso`] makes.
pub fn write_iso(out: &mut Vec<u8>, timestamp: i64) {
    write_date(out, timestamp);
    let ms = timestamp.rem_euclid(DAY) as u32;
    let two = |number: u32| [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8];
    for (before, number) in [(b'T', ms / 3_600_000), (b':', ms / 60_000 % 60), (b':', ms / 1000 % 60)] {
        out.push(before);
        out.extend_from_slice(&two(number));
    }
    out.extend_from_slice(&[b'.', b'0' + (ms / 100 % 10) as u8]);
    out.extend_from_slice(&two(ms % 100));
    out.push(b'Z');
}

/// Appends the day of a timestamp in UTC: `2024-05-01`.
pub fn write_date(out: &mut Vec<u8>, timestamp: i64) {
    let (year, month, day) = civil(timestamp.div_euclid(DAY));
    if (0..=9999).contains(&year) {
        let year = year as u32;
        out.extend([year / 1000, year / 100 % 10, year / 10 % 10, year % 10].map(|digit| b'0' + digit as u8));
    } else {
        out.extend_from_slice(format!("{year:04}").as_bytes());
    }
    for number in [month, day] {
        out.extend_from_slice(&[b'-', b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]);
    }
}

/// When a day in UTC begins (`2024-05-01`). `None` if it is not that.
pub fn parse_date(text: &str) -> Option<i64> {
    let mut date = text.splitn(3, '-').map(digits);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let start = days(year, month, day);
    (year <= 9999 && civil(start) == (year, month, day)).then_some(start * DAY)
}

/// The year of a timestamp, in UTC.
pub fn year(timestamp: i64) -> i64 {
    civil(timestamp.div_euclid(DAY)).0
}

/// Reads RFC 3339 (`2024-05-01T00:37:00.060Z`, with any number of decimals, or with an offset). `None` if it is not that.
pub fn parse_iso(text: &str) -> Option<i64> {
    let (date, clock) = text.split_once(['T', 't', ' '])?;
    let mut date = date.splitn(3, '-').map(digits);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let zone_at = clock.find(['Z', 'z', '+', '-']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(zone_at);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut clock = clock.splitn(3, ':').map(digits);
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let ms = digits(&format!("{:0<3}", fraction).get(..3)?.replace(' ', "0"))?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || year > 9999 || hour > 24 || minute > 59 || second > 60 {
        return None;
    }
    let offset_minutes = match zone {
        "" | "Z" | "z" => 0,
        _ => {
            let (hours, minutes) = zone[1..].split_once(':').unwrap_or((zone.get(1..3)?, zone.get(3..)?));
            let offset = digits(hours)? * 60 + digits(minutes)?;
            if zone.starts_with('-') { -offset } else { offset }
        }
    };
    let seconds = (hour * 60 + minute - offset_minutes) * 60 + second;
    Some(days(year, month, day) * DAY + seconds * 1000 + ms)
}

fn digits(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 9 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// Days since the epoch of a date of the proleptic Gregorian calendar. Years are counted from March, which puts the leap day last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let month = (month + 9) % 12;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// The date (year, month, day) of a day since the epoch.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let calendar_month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year_of_era + i64::from(calendar_month <= 2), calendar_month, of_year - (153 * month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn known_instants_are_read_and_written() {
        for (text, ms) in [
            ("1970-01-01T00:00:00.000Z", 0),
            ("2023-06-13T11:43:46.604Z", 1_686_656_626_604),
            ("2000-02-29T23:59:59.999Z", 951_868_799_999),
            ("1969-12-31T23:59:59.999Z", -1),
        ] {
            assert_eq!(parse_iso(text), Some(ms), "{text}");
            assert_eq!(format_iso(ms), text);
        }
        assert_eq!(format_iso(-62_167_219_200_001), "-001-12-31T23:59:59.999Z");
        assert_eq!(format_iso(253_402_300_800_000), "10000-01-01T00:00:00.000Z");
        assert_eq!(parse_iso("2023-06-13T13:43:46.6041234+02:00"), Some(1_686_656_626_604));
        assert_eq!(parse_iso("2023-06-13T11:43:46Z"), Some(1_686_656_626_000));
    }

    #[test]
    fn days_are_read_and_written() {
        let mut out = Vec::new();
        write_date(&mut out, 951_868_799_999);
        assert_eq!(out, b"2000-02-29");
        assert_eq!(parse_date("2000-02-29"), Some(951_868_799_999 + 1 - DAY));
        for text in ["", "2001-02-29", "2000-00-01", "2000-13-01", "2000-02", "2000-02-29T", "99999-01-01", "2000-2-2-2"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in ["", "2023", "2023-13-01T00:00:00Z", "2023-06-13Tx", "2023-06-13T11:43Z", "é-é-éTé:é:éé", "2023-06-13T11:43:46.é"] {
            assert_eq!(parse_iso(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_of_800_years_round_trips() {
        for day in -146_097..146_097 {
            let (y, m, d) = civil(day);
            assert_eq!(days(y, m, d), day);
        }
        assert_eq!(year(i64::MAX), 292_278_994);
    }
}
