// lotus logs: the log of LOTUS, filtered, and followed while it is written; needs no LOTUS that runs.
import { readNumber, refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { escapeLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { fieldsOf, textOf } from '../client/fields.ts'
import type { Fields } from '../client/fields.ts'
import { followLines, logFiles, readLastLines } from '../../nucleus/logs/log-lines.ts'
import type { Style } from '../client/terminal.ts'
import { suggest } from '../../nucleus/settings/suggest.ts'

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

interface Filter {
  readonly level: number
  readonly module: string | undefined
}

function parseLine(line: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(line))
  } catch {
    // torn by a crash or a full disk.
    return undefined
  }
}

function createFilter({ level, module }: Filter): (line: string) => boolean {
  return (line) => {
    const entry = parseLine(line)
    if (entry === undefined) return false
    if (module !== undefined && entry['module'] !== module) return false
    return levels.indexOf(textOf(entry, 'level', 'info')) >= level
  }
}

function readLevel(value: string | boolean | undefined): number {
  if (value === undefined) return 0
  const level = levels.indexOf(String(value).toLowerCase())
  if (level !== -1) return level
  const near = suggest(String(value), levels)
  throw clientErrors.USAGE({
    value,
    detail: `a level is one of ${levels.join(', ')}`,
    ...(near === undefined ? {} : { fix: `did you mean --level ${near}?` }),
  })
}

function paintLevel(level: string, style: Style): string {
  const text = level.toUpperCase().padEnd(5)
  if (level === 'error' || level === 'fatal') return style.red(text)
  return level === 'warn' ? style.yellow(text) : style.dim(text)
}

/** one line for a person: time, level, module, message, then what else it carries. */
function renderLine(line: string, style: Style): string {
  const entry = parseLine(line)
  if (entry === undefined) return escapeLine(line)
  const { time, level, msg, module, pid: _pid, generation: _generation, err, trace_id: trace, ...rest } = entry
  const fault = fieldsOf(err)
  const parts = [
    style.dim(escapeLine(textOf({ time }, 'time').replace('T', ' ').replace('Z', ''))),
    paintLevel(escapeLine(textOf({ level }, 'level', 'info')), style),
    escapeLine(`${typeof module === 'string' ? `${module}: ` : ''}${textOf({ msg }, 'msg')}`),
    textOf(fault, 'message') === ''
      ? ''
      : style.red(escapeLine(`${textOf(fault, 'code')} ${textOf(fault, 'message')}`.trim())),
    Object.keys(rest).length === 0 ? '' : style.dim(escapeLine(JSON.stringify(rest))),
    typeof trace === 'string' ? style.dim(escapeLine(trace)) : '',
  ]
  return parts.filter((part) => part !== '').join(' ')
}

export const command = defineCommand({
  name: 'logs',
  summary: 'prints the log, filtered, and follows it',
  usage: ['logs [-n NUMBER] [--level LEVEL] [--module NAME] [--follow] [--json]'],
  description: `The log lies in LOTUS_HOME/logs as JSON lines, in a few files of bounded size; secrets are not in it. With
--json the lines are printed as they are. How much is logged is the setting core.logLevel. What a
start said before its log was open is in LOTUS_HOME/logs/boot.log.`,
  options: {
    follow: { type: 'boolean', short: 'f', doc: 'goes on with what is added, until Ctrl+C' },
    level: {
      type: 'string',
      short: 'l',
      value: 'LEVEL',
      doc: 'this level and the more severe ones: trace, debug, info, warn, error, fatal',
    },
    module: { type: 'string', short: 'm', value: 'NAME', doc: 'only the lines of one module' },
    number: { type: 'string', short: 'n', value: 'NUMBER', doc: 'how many lines; 50 if you say nothing' },
  },
  examples: [
    { command: 'lotus logs --level warn', doc: 'what went wrong lately' },
    { command: 'lotus logs -f -m reasoning', doc: 'watch how goals are understood' },
  ],
  async run({ words, options, terminal, json, place }) {
    refuseWords(command, words, 0)
    const module = typeof options['module'] === 'string' ? options['module'] : undefined
    const accepts = createFilter({ level: readLevel(options['level']), module })
    const print = (line: string): void => terminal.print(json ? escapeLine(line) : renderLine(line, terminal.style))
    const count = readNumber(options['number'], '-n', 50, 100_000)
    const { lines, ...end } = await readLastLines(place.home, count, accepts)
    for (const line of lines) print(line)
    if (options['follow'] !== true) {
      if (logFiles(place.home).length === 0)
        terminal.note(`no log in ${escapeLine(place.home)}: LOTUS was not started there yet`)
      return exitCodes.completed
    }
    const controller = new AbortController()
    process.once('SIGINT', () => controller.abort())
    process.once('SIGTERM', () => controller.abort())
    await followLines(place.home, end, controller.signal, (line) => {
      if (accepts(line)) print(line)
    })
    return exitCodes.completed
  },
})
