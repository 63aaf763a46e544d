/** Timestamps of the contract (milliseconds since 1970-01-01T00:00:00Z) as text. The sandbox has no clock and no time zones. */

const DAY = 86_400_000;
const { floor } = Math;

/**
 * `2024-05-01T00:37:00.060Z`. Years outside 0 to 9999 get as many digits and the sign they need.
 *
 * @param {number} timestamp milliseconds
 * @returns {string}
 */
export function formatIso(timestamp) {
  const [year, month, day] = civil(floor(timestamp / DAY));
  const ms = timestamp - floor(timestamp / DAY) * DAY;
  const clock = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60].map((part) => pad(floor(part), 2)).join(':');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${clock}.${pad(ms % 1000, 3)}Z`;
}

/** At least so many characters, the sign among them. */
function pad(number, length) {
  return number < 0 ? `-${String(-number).padStart(length - 1, '0')}` : String(number).padStart(length, '0');
}

/**
 * The year of a timestamp, in UTC.
 *
 * @param {number} timestamp milliseconds
 * @returns {number}
 */
export function year(timestamp) {
  return civil(floor(timestamp / DAY))[0];
}

/**
 * Reads RFC 3339 (`2024-05-01T00:37:00.060Z`, with any number of decimals, or with an offset).
 *
 * @param {string} text
 * @returns {number | undefined} milliseconds; `undefined` if it is not that
 */
export function parseIso(text) {
  const [date, rest] = cut(text, text.search(/[Tt ]/));
  if (rest === undefined) return undefined;
  const zoneAt = rest.search(/[Zz+-]/);
  const zone = zoneAt < 0 ? '' : rest.slice(zoneAt);
  const time = zoneAt < 0 ? rest : rest.slice(0, zoneAt);
  const [clock, decimals = '0'] = cut(time, time.indexOf('.'));
  const dates = date.split('-').map(digits);
  const times = clock.split(':').map(digits);
  if (dates.length !== 3 || times.length !== 3) return undefined;
  const [year, month, day] = dates;
  const [hour, minute, second] = times;
  const ms = digits(decimals.padEnd(3, '0').slice(0, 3).replaceAll(' ', '0'));
  const offset = offsetMinutes(zone);
  if ([...dates, ...times, ms, offset].includes(undefined)) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > 31 || year > 9999 || hour > 24 || minute > 59 || second > 60) return undefined;
  return days(year, month, day) * DAY + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms;
}

/** What lies before and after a character; without one, only the text. */
function cut(text, at) {
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Minutes that a clock runs ahead of UTC. */
function offsetMinutes(zone) {
  if (zone === '' || zone === 'Z' || zone === 'z') return 0;
  const [before, after] = cut(zone.slice(1), zone.indexOf(':') - 1);
  const hours = digits(after === undefined ? zone.slice(1, 3) : before);
  const minutes = digits(after === undefined ? zone.slice(3) : after);
  if (hours === undefined || minutes === undefined) return undefined;
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** One to nine digits as a number. */
function digits(text) {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Days since the epoch of a date of the proleptic Gregorian calendar. Years are counted from March, which puts the leap day last. */
function days(year, month, day) {
  const years = month <= 2 ? year - 1 : year;
  const months = (month + 9) % 12;
  return 365 * years + floor(years / 4) - floor(years / 100) + floor(years / 400) + floor((153 * months + 2) / 5) + day - 1 - 719_468;
}

/** The date (year, month, day) of a day since the epoch. */
function civil(epochDay) {
  const day = epochDay + 719_468;
  const era = floor(day / 146_097);
  const ofEra = day - era * 146_097;
  const yearOfEra = floor((ofEra - floor(ofEra / 1460) + floor(ofEra / 36_524) - floor(ofEra / 146_096)) / 365);
  const ofYear = ofEra - (365 * yearOfEra + floor(yearOfEra / 4) - floor(yearOfEra / 100));
  const month = floor((5 * ofYear + 2) / 153);
  const calendarMonth = month < 10 ? month + 3 : month - 9;
  return [era * 400 + yearOfEra + (calendarMonth <= 2 ? 1 : 0), calendarMonth, ofYear - floor((153 * month + 2) / 5) + 1];
}
