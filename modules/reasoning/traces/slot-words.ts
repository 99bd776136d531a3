// slots that are a person's own words: texts to look for, names of branches and processes, notes, cells.
import type { Token } from '../../perception/contract.ts'
import type { Accept } from './slot-match.ts'
import {
  freeText,
  isForFile,
  looksTechnical,
  needle,
  oneWord,
  quotedText,
  structural,
  textBetween,
} from './slot-text.ts'

/** whether a text was left over from a time: `four thirty`, `of every year …`, `the same time`, `my tomorrow meeting`. */
function isPartOfTime(tokens: readonly Token[]): boolean {
  const words = tokens.filter(({ kind }) => kind !== 'mark').map(({ lower }) => lower)
  const said = words.join(' ')
  const isNumbers = words.every((word, index) => tokens[index]?.kind === 'number' || spoken.test(word))
  return (
    isNumbers ||
    /^(?:of |on )?(?:every|each)\b/.test(said) ||
    /^(?:the |at |for )*(?:current|same|usual|right) (?:time|hour)$/.test(said) ||
    /\b(?:tomorrow|tonight) [a-z]+(?: sharply| sharp)?$/.test(said)
  )
}

const spoken =
  /^(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|hundred|half|quarter|past|to|and|o'clock|am|pm|at|for|by)$/

/** words that tell when, also where nobody can read them as a time. */
const timely: ReadonlySet<string> = new Set(
  `one two three four five six seven eight nine ten eleven twelve fifteen thirty forty half quarter am pm a.m. p.m. o'clock noon
  midnight morning evening night tonight today tomorrow yesterday later soon now when while before after until till once every
  each daily weekly monthly minute minutes hour hours day days week weeks weekend month months year years monday tuesday
  wednesday thursday friday saturday sunday january february march april may june july august september october november
  december another`.split(/\s+/),
)

/** whether `to` stands here behind a plain word that is no number. */
const isSetting = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.lower === 'to' && tokens[at - 1]?.kind === 'word' && !spoken.test(tokens[at - 1]!.lower)

/** `the note about the boiler should go` speaks of a note; `don't forget to remind me` asks for something else. */
const isAboutNote = (tokens: readonly Token[], at: number): boolean =>
  (tokens[at - 1]?.lower === 'note' &&
    /^(?:the|my|your|that|this|any|every|all)$/.test(tokens[at - 2]?.lower ?? '') &&
    /^(?:about|on|of|for|saying|says)$/.test(tokens[at]?.lower ?? '')) ||
  tokens[at - 1]?.lower === 'notes' ||
  (at === 2 && tokens[1]?.lemma === 'note' && /^(?:the|my|your|our|that)$/.test(tokens[0]!.lower)) ||
  (/^(?:any|some)thing$/.test(tokens[at]?.lower ?? '') && /^(?:about|of|on)$/.test(tokens[at + 1]?.lower ?? '')) ||
  (tokens[at]?.lower === 'to' && tokens[at + 1]?.lemma === 'remind')

const indefinite = /^(?:any|some|every|no)(?:thing|body|one)$/i

/** slot types of free words. */
export const wordSlots: Readonly<Record<string, Accept>> = {
  /** the name of a branch that cannot be anything else: `main`, `feature/x`. */
  branch_sure: (clause, at) =>
    oneWord(clause, at).filter(({ value }) =>
      /^[\w./+-]*[/_\d-][\w./+-]*$|^(?:main|master|trunk|develop|development|dev|staging|production|release|stable|testing)$/.test(
        String(value),
      ),
    ),
  /** the name of a process: one word without an article, as `the door` is none. */
  process_name: (clause, at) =>
    /^(?:the|a|an|my|your|our|this|that|its|it)$/.test(clause.tokens[at - 1]?.lower ?? '') ? [] : oneWord(clause, at),
  /** what a whole line may be in one word; a plural says what kind of lines: `comments`. */
  line_text: (clause, at) =>
    oneWord(clause, at).filter(({ value }) => clause.tokens[at]?.kind === 'quoted' || !String(value).endsWith('s')),
  /** a text to look for. */
  needle,
  /** a text to put in the place of another: what is described (`the system IP address`) is none. */
  replacement: (clause, at) =>
    needle(clause, at).filter(
      () =>
        clause.tokens[at]!.kind === 'quoted' ||
        (!/^(?:the|its|my|our|your|their|current|today's|today)$/.test(clause.tokens[at - 1]?.lower ?? '') &&
          // in `change port to 9000` the word is the name of a setting, and its value shall change
          !(clause.tokens[at]!.kind === 'number' && isSetting(clause.tokens, at - 1))),
    ),
  /** a text to look for in quotes, or one that is no plain English word. */
  needle_strict: (clause, at) =>
    needle(clause, at).filter(
      () => clause.tokens[at]!.kind === 'quoted' || looksTechnical(textBetween(clause, at, at)),
    ),
  /** the same, and no mere number: `3 lines` are three lines. */
  needle_code: (clause, at) =>
    needle(clause, at).filter(
      () =>
        clause.tokens[at]!.kind === 'quoted' ||
        (clause.tokens[at]!.kind !== 'number' && looksTechnical(textBetween(clause, at, at))),
    ),
  /** a text to look for in quotes. */
  needle_quoted: (clause, at) => quotedText(clause, at).slice(0, 1),
  /** the name of an environment variable: `$EDITOR`, `PROJECT_REGION`. */
  variable: (clause, at) => {
    const name = /^\$?\{?([A-Z_][A-Z0-9_]*|(?<=\$)\w+)\}?$/.exec(clause.tokens[at]?.text ?? '')
    const text = clause.tokens[at]?.text ?? ''
    return name &&
      (text.startsWith('$') ||
        (name[1]!.length > 2 && name[1]!.includes('_')) ||
        /^(PATH|HOME|EDITOR|USER|SHELL|LANG|TERM|PAGER|DISPLAY|PWD|TMPDIR|VISUAL|BROWSER|TZ|LOGNAME|MAIL)$/.test(
          name[1]!,
        ))
      ? [{ to: at + 1, value: name[1], weight: 1 }]
      : []
  },
  /** the name of an environment variable behind that word; a plural asks for all of them. */
  variable_name: (clause, at) =>
    oneWord(clause, at).filter(
      ({ value }) => !/^(?:vars?|variables?|settings?|names?|values?|all|list)$/i.test(String(value)),
    ),
  /** what a note says. */
  note: (clause, at) =>
    clause.question || isForFile(clause, at) || isAboutNote(clause.tokens, at)
      ? []
      : freeText({ limit: 120, weight: 0.5, connectors: true, invented: true })(clause, at),
  /** what a question about notes is about. */
  topic: (clause, at) =>
    freeText({ limit: 16, weight: 0.5, connectors: true, invented: true })(clause, at).filter(
      (match) =>
        !/^(?:it|that|this|them|these|those|me|you|him|her|us)$/i.test(String(match.value)) &&
        // what is left out of everything is no subject
        !/^(?:everything|all|anything|every|any)\b.*\b(?:except|but|apart|besides|other than|save|bar)\b/i.test(
          String(match.value),
        ),
    ),
  /** the name of a git branch: one word, also with slashes, in quotes or not. */
  branch_name: (clause, at) => {
    const [match] = oneWord(clause, at)
    const name = match === undefined ? '' : String(match.value)
    return match !== undefined && /^[\w][\w./+-]*$/.test(name) && !/^(?:which|what|branch|branches|git)$/i.test(name)
      ? [match]
      : []
  },
  /** what a cell of a table says: a name with a capital letter, a number, or something in quotes. */
  cell: (clause, at) =>
    clause.tokens[at]?.kind === 'quoted' || /^[\p{Lu}\d]/u.test(clause.tokens[at]?.text ?? '')
      ? freeText({ limit: 4, weight: 0.7, connectors: clause.tokens[at]?.kind === 'quoted', invented: true })(
          clause,
          at,
        )
      : [],
  /** one word: the name of a process, variable, package or service; `anything` is none. */
  word: (clause, at) => oneWord(clause, at).filter(() => !indefinite.test(clause.tokens[at]?.text ?? '')),
  /** up to five words: a name, a person. */
  words: (clause, at) =>
    freeText({ limit: 5, weight: 0.5, connectors: false, invented: true })(clause, at).filter(
      (match) => !clause.tokens.slice(at, match.to).some((token) => structural.test(token.lower)),
    ),
  /** any words at all, for notes and reminders. */
  anything: (clause, at) =>
    /^(and|or|,|if|whether|what|when|which|who|where|how|why|every|each|at|daily|weekly|monthly|twice|thrice|yesterday|am|pm|ago)$/.test(
      clause.tokens[at]?.lower ?? '',
    )
      ? []
      : freeText({ limit: 120, weight: 0.5, connectors: true, invented: true })(clause, at).filter(
          // a text that hangs in the air: part of it was taken for the time
          (match) =>
            !/\b(?:unless|but not|starting|except)\b/i.test(String(match.value)) &&
            !isPartOfTime(clause.tokens.slice(at, match.to)) &&
            !/^(?:of|to|in|at|for|from|after|before|until|and|the|a|an|each|every|on|by)$/.test(
              clause.tokens[match.to - 1]!.lower,
            ),
        ),
  /** what somebody shall be reminded of, where no time was understood: words in which none can hide. */
  deed: (clause, at) =>
    freeText({ limit: 24, weight: 0.5, connectors: false, invented: true })(clause, at).filter(
      (match) =>
        !clause.tokens.slice(at, match.to).some(({ kind, lower }) => kind === 'number' || timely.has(lower)) &&
        !/[,;:?]/.test(String(match.value)) &&
        !/^(?:how|what|which|who|where|why|if|whether|the (?:time|date))\b/i.test(String(match.value)),
    ),
}
