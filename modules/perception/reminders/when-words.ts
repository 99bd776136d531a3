// cuts a goal into the words, numbers, clocks and dates that the grammar of time phrases is written over.

/** one word of a goal as the grammar of time sees it. */
export interface WhenWord {
  /** lower case, with straight apostrophes. */
  readonly text: string
  /** offsets in the goal. */
  readonly from: number
  readonly to: number
  /** opaque: quoted text, paths, addresses; nothing in them is a time. */
  readonly kind: 'word' | 'number' | 'ordinal' | 'clock' | 'date' | 'mark' | 'opaque'
  /** of a number or an ordinal. */
  readonly value?: number
  /** of a clock. */
  readonly clock?: { readonly hour: number; readonly minute: number; readonly padded: boolean }
  /** of a date, as written: the order of its parts is the locale's business. */
  readonly date?: { readonly parts: readonly number[]; readonly mark: '-' | '.' | '/' }
}

/** more words than this are not a goal for the clock: the rest is not read. */
const maximumWords = 400
const maximumCharacters = 16_000

const quoted = /^(?:"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|`[^`]*`|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}]))/u
const date =
  /^(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})?|(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?)(?![\d/])/
const clock = /^(\d{1,2})(?::|(?<=\d)h(?=\d\d))(\d{2})(?::\d{2})?(?!\d)/i
const number = /^\d+(?:[.,]\d+)?/
const meridiem = /^[ap]\.\s?m\.?(?![\p{L}\p{N}])/iu
const word = /^\p{L}+(?:['’]\p{L}+)*/u
/** a run with a dot or slash between letters is a file or an address: `notes-9am.txt`, `~/plans/monday`. */
const path = /^(?:[~./]*[\p{L}\p{N}_-]+)?(?:[/\\.@][\p{L}\p{N}_-]+)*[/\\.@][\p{L}_-][\p{L}\p{N}_./\\-]*/u

/** reads a goal into words; text beyond the limit is left out. */
export function readWords(text: string): WhenWord[] {
  const words: WhenWord[] = []
  let at = 0
  const end = Math.min(text.length, maximumCharacters)
  while (at < end && words.length < maximumWords) {
    const character = text[at]!
    // a time that lies behind is none: `in -5 minutes`
    const negative = /^[-−]\d[\d.,:]*/.exec(text.slice(at, at + 40))
    if (negative && (at === 0 || /\s/.test(text[at - 1]!))) {
      words.push({ text: negative[0], from: at, to: at + negative[0].length, kind: 'opaque' })
      at += negative[0].length
      continue
    }
    // a dash joins words here (`twenty-five`, `5-minute`) and says nothing itself.
    if (/[\s-]/.test(character)) {
      at += 1
      continue
    }
    const next = readWord(text, at)
    at = next.to
    words.push(next)
  }
  return words
}

function readWord(text: string, from: number): WhenWord {
  const rest = text.slice(from, from + 400)
  const make = (length: number, kind: WhenWord['kind'], extra: Partial<WhenWord> = {}): WhenWord => ({
    text: text
      .slice(from, from + length)
      .toLowerCase()
      .replaceAll('’', "'"),
    from,
    to: from + length,
    kind,
    ...extra,
  })
  const beforeIsWord = from > 0 && /[\p{L}\p{N}]/u.test(text[from - 1]!)
  const quote = beforeIsWord ? null : quoted.exec(rest)
  if (quote) return make(quote[0].length, 'opaque')
  const half = meridiem.exec(rest)
  if (half) return make(half[0].length, 'word', { text: half[0][0]!.toLowerCase() + 'm' })
  const day = date.exec(rest)
  if (day) return make(day[0].length, 'date', { date: readDate(day) })
  const time = clock.exec(rest)
  if (time && Number(time[1]) < 25 && Number(time[2]) < 60) {
    const padded = time[1]!.length === 2 && time[1]!.startsWith('0')
    return make(time[0].length, 'clock', { clock: { hour: Number(time[1]), minute: Number(time[2]), padded } })
  }
  // `8:75` and `25:00` are no clocks, and no hours with something behind them either.
  const broken = /^\d+:\d+/.exec(rest)
  if (broken) return make(broken[0].length, 'opaque')
  const figure = number.exec(rest)
  const way = path.exec(rest)
  if (way && !/^\d+[.,]\d+\p{L}*$/u.test(way[0]) && way[0].length > (figure?.[0].length ?? 0)) {
    return make(way[0].length, 'opaque')
  }
  if (figure) return readNumber(rest, figure[0], make)
  const letters = word.exec(rest)
  if (letters) {
    const lower = letters[0].toLowerCase().replaceAll('’', "'")
    const rank = ordinals.get(lower)
    return rank === undefined ? make(letters[0].length, 'word') : make(letters[0].length, 'ordinal', { value: rank })
  }
  return make(1, 'mark')
}

function readNumber(
  rest: string,
  figure: string,
  make: (length: number, kind: WhenWord['kind'], extra?: Partial<WhenWord>) => WhenWord,
): WhenWord {
  const suffix = /^\d{1,2}(?:st|nd|rd|th)(?!\p{L})/iu.exec(rest)
  if (suffix) return make(suffix[0].length, 'ordinal', { value: Number.parseInt(figure, 10) })
  return make(figure.length, 'number', { value: Number(figure.replace(',', '.')) })
}

function readDate(match: RegExpExecArray): NonNullable<WhenWord['date']> {
  const mark = match[1] !== undefined ? '-' : match[4] !== undefined ? '.' : '/'
  return {
    mark,
    parts: match
      .slice(1)
      .filter((part) => part !== undefined)
      .map(Number),
  }
}

const small = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
] as const
const tens = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'] as const

const numbers: ReadonlyMap<string, number> = new Map([
  ...small.map((name, index) => [name, index] as const),
  ...tens.map((name, index) => [name, (index + 2) * 10] as const),
  ['fourty', 40] as const,
])

const ordinals: ReadonlyMap<string, number> = new Map(
  [
    'first',
    'second',
    'third',
    'fourth',
    'fifth',
    'sixth',
    'seventh',
    'eighth',
    'ninth',
    'tenth',
    'eleventh',
    'twelfth',
    'thirteenth',
    'fourteenth',
    'fifteenth',
    'sixteenth',
    'seventeenth',
    'eighteenth',
    'nineteenth',
    'twentieth',
  ]
    .map((name, index) => [name, index + 1] as const)
    .concat([['thirtieth', 30]]),
)

/** a whole or decimal number at a place, in digits or in words up to a few hundred. */
export function readAmount(words: readonly WhenWord[], at: number): { value: number; next: number } | undefined {
  const first = words[at]
  if (first === undefined) return undefined
  if (first.kind === 'number') return { value: first.value!, next: at + 1 }
  const value = numbers.get(first.text)
  if (value === undefined) return undefined
  const second = words[at + 1]
  const unit = second === undefined ? undefined : numbers.get(second.text)
  if (value >= 20 && unit !== undefined && unit > 0 && unit < 10) return { value: value + unit, next: at + 2 }
  if (second?.text === 'hundred') return { value: value * 100, next: at + 2 }
  return { value, next: at + 1 }
}

/** a rank at a place: `9th`, `ninth`, `twenty-first`. */
export function readOrdinal(words: readonly WhenWord[], at: number): { value: number; next: number } | undefined {
  const first = words[at]
  if (first?.kind === 'ordinal') return { value: first.value!, next: at + 1 }
  const ten = first === undefined ? undefined : numbers.get(first.text)
  const second = words[at + 1]
  if ((ten === 20 || ten === 30) && second?.kind === 'ordinal' && second.value! < 10) {
    return { value: ten + second.value!, next: at + 2 }
  }
  return undefined
}
