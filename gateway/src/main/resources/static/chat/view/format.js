const DAY_MS = 24 * 60 * 60 * 1000;

const time = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });
const shortDate = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** @param {string | number} moment */
export function timeOf(moment) {
  return time.format(new Date(moment));
}

/** A key for the day, in the reader's time zone. */
export function dayOf(moment) {
  return new Date(moment).toDateString();
}

/** "Today", "Yesterday", "Tuesday", or the date. */
export function dayName(moment, now = Date.now()) {
  const days = Math.round((startOfDay(now) - startOfDay(moment)) / DAY_MS);
  if (days < 2) {
    return days < 1 ? "Today" : "Yesterday";
  }
  return (days < 7 ? weekday : date).format(new Date(moment));
}

/** The time for today, otherwise the day. */
export function shortMoment(moment) {
  return dayOf(moment) === dayOf(Date.now()) ? timeOf(moment) : shortDate.format(new Date(moment));
}

function startOfDay(moment) {
  return new Date(moment).setHours(0, 0, 0, 0);
}

/** One or two initials of a name, in any script. */
export function initials(name) {
  const words = name.trim().split(/[\s._-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0].toLocaleUpperCase()).join("");
}

/** A number from 0 to below `count`, always the same for a text. */
export function oneOf(count, text) {
  return [...text].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) % 65_521, 7) % count;
}
