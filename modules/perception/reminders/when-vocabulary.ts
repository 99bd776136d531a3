// the words of time in English: weekdays, months, units, and how a slip of the pen in one is mended.

export type Unit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'

/** 1 is Monday, as in ISO 8601. */
const weekdayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const

const weekdayShort: ReadonlyMap<string, number> = new Map([
  ['mon', 1],
  ['tue', 2],
  ['tues', 2],
  ['wed', 3],
  ['weds', 3],
  ['thu', 4],
  ['thur', 4],
  ['thurs', 4],
  ['fri', 5],
  ['sat', 6],
  ['sun', 7],
])
const monthShort: ReadonlyMap<string, number> = new Map([
  ['jan', 1],
  ['feb', 2],
  ['mar', 3],
  ['apr', 4],
  ['jun', 6],
  ['jul', 7],
  ['aug', 8],
  ['sep', 9],
  ['sept', 9],
  ['oct', 10],
  ['nov', 11],
  ['dec', 12],
])

const units: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ['s', 'second'],
  ['sec', 'second'],
  ['secs', 'second'],
  ['second', 'second'],
  ['seconds', 'second'],
  ['m', 'minute'],
  ['min', 'minute'],
  ['mins', 'minute'],
  ['minute', 'minute'],
  ['minutes', 'minute'],
  ['h', 'hour'],
  ['hr', 'hour'],
  ['hrs', 'hour'],
  ['hour', 'hour'],
  ['hours', 'hour'],
  ['d', 'day'],
  ['day', 'day'],
  ['days', 'day'],
  ['w', 'week'],
  ['wk', 'week'],
  ['wks', 'week'],
  ['week', 'week'],
  ['weeks', 'week'],
  ['month', 'month'],
  ['months', 'month'],
  ['y', 'year'],
  ['yr', 'year'],
  ['yrs', 'year'],
  ['year', 'year'],
  ['years', 'year'],
])

/** the full name of a weekday, or one misspelt by a letter; abbreviations only where `short` allows: `sun`, `wed` and `sat` are words. */
export function weekdayOf(text: string, options: { short?: boolean; plural?: boolean } = {}): number | undefined {
  const name = options.plural === true ? text.replace(/s$/, '') : text
  const full = indexOfNear(weekdayNames, name)
  if (full !== undefined) return full + 1
  return options.short === true ? weekdayShort.get(text) : undefined
}

/** the number of a month, by its name, abbreviation or a misspelling by a letter. */
export function monthOf(text: string): number | undefined {
  const full = indexOfNear(monthNames, text)
  return full === undefined ? monthShort.get(text) : full + 1
}

/** a unit of time that stands behind an amount, so that a slip is forgiven generously (`minuets`, `horus`). */
export function unitOf(text: string): Unit | undefined {
  const exact = units.get(text)
  if (exact !== undefined || text.length < 4) return exact
  const names = ['second', 'seconds', 'minute', 'minutes', 'hours', 'weeks', 'month', 'months', 'years'] as const
  const near = names.find((name) => name[0] === text[0] && isOneSlip(name, text))
  return near === undefined ? undefined : units.get(near)
}

/** `tomorrow` in the ways that people type it. */
export function isTomorrow(text: string): boolean {
  return /^(?:tom+or+ow|tomm?orr?w|tmrw|tmr|tomo)$/.test(text) || (text.length > 6 && isOneSlip('tomorrow', text))
}

function indexOfNear(names: readonly string[], text: string): number | undefined {
  const exact = names.indexOf(text)
  if (exact !== -1) return exact
  // shorter words are too near to others: `sundae` for `sunday`, `match` for `march`.
  if (text.length < 6 || text === 'sundae' || text === 'mayday') return undefined
  const near = names.findIndex((name) => name.length > 5 && name[0] === text[0] && isOneSlip(name, text))
  return near === -1 ? undefined : near
}

/** whether one insertion, deletion, exchange or swap of neighbours makes one word of the other. */
export function isOneSlip(left: string, right: string): boolean {
  if (left === right || Math.abs(left.length - right.length) > 1) return left === right
  let start = 0
  while (start < left.length && left[start] === right[start]) start += 1
  const restLeft = left.slice(start)
  const restRight = right.slice(start)
  if (restLeft.slice(1) === restRight.slice(1)) return true
  if (restLeft.slice(1) === restRight || restLeft === restRight.slice(1)) return true
  return restLeft[0] === restRight[1] && restLeft[1] === restRight[0] && restLeft.slice(2) === restRight.slice(2)
}
