// a step as a sentence, as a person would say what is to be done; the exact action and arguments are shown beside it.
import type { Json, PlanStep } from '../../contract.ts'
import type { FileQuery } from '../actions/file-query.ts'
import { nameList } from '../actions/format.ts'
import { hasReferences } from './references.ts'
import { describeQuery } from '../actions/query-words.ts'

type Arguments = PlanStep['args']

const namedPaths = 5
const longestQuote = 60
const trash = '(to the trash)'

/** escapes all that a terminal obeys or does not show, in the way of JSON: the reader sees exactly what is there. */
export function escapeHidden(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/** a name as it is where it can't be misread, else in quotes. */
function name(value: Json | undefined): string {
  if (typeof value === 'string') {
    return /^[\p{L}\p{M}\p{N}_.,~+@/=#%-]+$/u.test(value) ? value : escapeHidden(JSON.stringify(value))
  }
  const reference = typeof value === 'object' && value !== null && '$ref' in value ? value.$ref : undefined
  if (typeof reference === 'string') return `what step ${reference.split('.', 1)[0]?.replace(/^s/, '') ?? ''} gives`
  return escapeHidden(JSON.stringify(value ?? null))
}

function names(value: Json | undefined): string {
  return Array.isArray(value) ? nameList((value as readonly Json[]).map(name), namedPaths) : name(value)
}

/** a text that is written or looked for; a long one is shown by its begin. */
function quote(value: Json | undefined): string {
  if (typeof value !== 'string') return name(value)
  const characters = Array.from(value)
  const shown = characters.length > longestQuote ? `${characters.slice(0, longestQuote).join('')}…` : value
  return escapeHidden(JSON.stringify(shown))
}

function found(query: Json | undefined, timeZone: string): string {
  // what is searched for is known when the steps before have run
  if (typeof query !== 'object' || query === null || hasReferences(query)) return 'what the search below finds'
  const { recursive, root } = query as unknown as FileQuery
  const reach = recursive === false ? '' : root === undefined || root === '.' ? ' here and below' : ' and below'
  return `all ${escapeHidden(describeQuery(query as unknown as FileQuery, 2, timeZone))}${reach}`
}

const intoOrTo = (args: Arguments): string =>
  args['into'] === true ? `into the folder ${name(args['to'])}` : `to ${name(args['to'])}`

const kindOf = (args: Arguments): string =>
  args['empty'] === true ? 'the empty folder ' : typeof args['kind'] === 'string' ? `the ${args['kind']} ` : ''

function doomedLines(args: Arguments): string {
  const which: string[] = []
  if (args['containing'] !== undefined) which.push(`that contain ${quote(args['containing'])}`)
  if (args['not_containing'] !== undefined) which.push(`that do not contain ${quote(args['not_containing'])}`)
  if (args['blank'] === true) which.push('that are blank')
  const numbers = args['numbers'] as { from?: Json; to?: Json } | undefined
  if (numbers !== undefined) which.push(`${name(numbers.from)} to ${name(numbers.to)}`)
  if (args['last'] !== undefined) which.push(`at the end, ${name(args['last'])} of them,`)
  if (args['keep_first'] !== undefined) which.push(`behind the first ${name(args['keep_first'])}`)
  if (args['keep_last'] !== undefined) which.push(`before the last ${name(args['keep_last'])}`)
  return which.join(' or ')
}

const transformations: Readonly<Record<string, string>> = {
  sort: 'sort the lines of',
  sort_descending: 'sort, last first, the lines of',
  unique: 'drop the duplicate lines of',
  reverse: 'reverse the lines of',
  uppercase: 'write in capital letters',
  lowercase: 'write in small letters',
  trim: 'take the spaces at the ends of the lines off',
  number: 'number the lines of',
}

function transformation(args: Arguments): string {
  const { operation } = args
  const known = typeof operation === 'string' && Object.hasOwn(transformations, operation)
  const verb = known ? transformations[operation] : `apply ${quote(operation)} to`
  const once = args['unique'] === true ? ', each different line once' : ''
  const to = args['to'] === undefined ? '' : `, into ${name(args['to'])}`
  return `${verb} ${name(args['path'])}${once}${to}`
}

function replacement(args: Arguments): string {
  const where = args['first_only'] === true ? 'the first time' : 'everywhere'
  const lines = args['on_lines_with'] === undefined ? '' : ` on lines that have ${quote(args['on_lines_with'])}, too`
  return `replace ${quote(args['find'])} by ${quote(args['replace'])} in ${name(args['path'])}, ${where}${lines}`
}

/** a text that was given, or that of another file. */
const textOr = (text: Json | undefined, from: Json | undefined): string =>
  from === undefined ? quote(text) : `the text of ${name(from)}`

const atEdge = (position: Json | undefined): string => `at the ${position === 'start' ? 'start' : 'end'}`

type Sentence = (args: Arguments, timeZone: string) => string

/** one for each action that changes files. */
const sentences: Readonly<Record<string, Sentence>> = {
  'files.create': ({ path, text }) =>
    `make the ${Array.isArray(path) && path.length > 1 ? 'files' : 'file'} ${names(path)}${text === undefined ? '' : ` with the text ${quote(text)}`}`,
  'files.write': ({ path, text, from }) => `write ${textOr(text, from)} to ${name(path)}, in place of what is in it`,
  'files.append': ({ path, text, from, position }) => `add ${textOr(text, from)} ${atEdge(position)} of ${name(path)}`,
  'files.insert': ({ path, line, text }) => `put ${quote(text)} into ${name(path)} as line ${name(line)}`,
  'files.replace': replacement,
  'files.delete_lines': (args) => `delete the lines ${doomedLines(args)} of ${name(args['path'])}`,
  'files.transform': transformation,
  'files.join': ({ sources, to }) => `put the texts of ${names(sources)} one after the other into ${name(to)}`,
  'files.touch': ({ paths }) => `date ${names(paths)} to this moment; what is missing is made, empty`,
  'files.swap': ({ path, other }) => `let ${name(path)} and ${name(other)} change their names`,
  'files.rename_matching': ({ query, extension }, timeZone) =>
    `give ${found(query, timeZone)} the ending ${name(extension)}`,
  'files.make_folder': ({ paths }) =>
    `make the ${Array.isArray(paths) && paths.length > 1 ? 'folders' : 'folder'} ${names(paths)}`,
  'files.copy': (args) => `copy ${names(args['from'])} ${intoOrTo(args)}`,
  'files.move': (args) => `move ${names(args['from'])} ${intoOrTo(args)}`,
  'files.delete': (args) => `delete ${kindOf(args)}${names(args['paths'])} ${trash}`,
  'files.set_mode': ({ path, mode }) => `set the rights of ${name(path)} to ${quote(mode)}`,
  'files.copy_matching': ({ query, to }, timeZone) => `copy ${found(query, timeZone)} to ${name(to)}`,
  'files.move_matching': ({ query, to }, timeZone) => `move ${found(query, timeZone)} to ${name(to)}`,
  'files.replace_matching': ({ query, find, replace }, timeZone) =>
    `replace ${quote(find)} by ${quote(replace)}, everywhere, in ${found(query, timeZone)}`,
  'files.append_matching': ({ query, text, position }, timeZone) =>
    `add ${quote(text)} ${atEdge(position)} of ${found(query, timeZone)}`,
  'files.delete_matching': ({ query }, timeZone) => `delete ${found(query, timeZone)} ${trash}`,
  'archive.create': ({ sources, query, to }, timeZone) =>
    `pack ${query === undefined ? names(sources) : found(query, timeZone)} into ${name(to)}`,
  'archive.extract': ({ path, only, to }) =>
    `unpack ${only === undefined ? '' : `${names(only)} of `}${name(path)}${to === undefined ? '' : ` into ${name(to)}`}`,
  'archive.gzip': ({ path, to }) =>
    `compress ${name(path)}${to === undefined ? '' : ` into ${name(to)}`} and keep it as it is`,
  'undo.last': ({ undo_id: undoId, count, path }) =>
    path !== undefined
      ? `bring ${name(path)} back from the trash`
      : count !== undefined
        ? `take back the newest ${name(count)} changes`
        : undoId === undefined
          ? 'take back the newest change'
          : `take back ${name(undoId)}`,
}

/**
 * what a step does, in words.
 * @param description - of the action or tool; used where it has no sentence of its own
 */
export function sentenceOf(step: Pick<PlanStep, 'action' | 'args'>, timeZone: string, description?: string): string {
  const sentence = Object.hasOwn(sentences, step.action) ? sentences[step.action] : undefined
  if (sentence !== undefined) return sentence(step.args, timeZone)
  return escapeHidden(description ?? `do ${step.action}`)
}
