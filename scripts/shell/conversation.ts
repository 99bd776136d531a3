// one shell: its session, its folder, what came last, and what becomes of each line.
import { isLotusError } from '../../nucleus/errors.ts'
import { createIdentifier } from '../../nucleus/identifiers.ts'
import { parseArguments } from '../client/arguments.ts'
import type { CommandCall } from '../client/command.ts'
import { clientErrors, exitCodeOfError } from '../client/errors.ts'
import { escapeText, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { loadCommand, report } from '../client/main.ts'
import { footerOf } from '../client/outcome.ts'
import type { Outcome } from '../client/outcome.ts'
import type { Place } from '../client/place.ts'
import { failureLine, runGoal } from '../commands/run.ts'
import { changeFolder } from './folder.ts'
import { explainWord, helpText } from './help.ts'
import type { History } from './history.ts'
import type { Screen } from './screen.ts'
import { readLine } from './words.ts'
import type { Line, OwnWord } from './words.ts'

/** what a line came to. */
export interface Done {
  readonly code: number
  /** the person wants to leave. */
  readonly isOver?: boolean
}

export interface Conversation {
  /** does what a line says; never throws for what LOTUS answers. */
  take(line: string): Promise<Done>
}

export interface ConversationOptions {
  readonly place: Place
  readonly screen: Screen
  readonly json: boolean
  readonly yes: boolean
  readonly quiet: boolean
  readonly history: History | undefined
}

// actions whose answer is what a file says: no character of it is cut for the sake of a column.
const quoting = /^(?:files\.(?:read|compare)|text\.|git\.diff)/

// not in here: one would take the terminal for itself, the other would be a shell in a shell.
const notInside: ReadonlySet<string> = new Set(['foreground', 'shell'])

export function createConversation({ place, screen, json, yes, quiet, history }: ConversationOptions): Conversation {
  let session = newSession()
  let lastTraceId = ''
  let folderBefore: string | undefined

  const callFor = (words: readonly string[], options: CommandCall['options'] = {}): CommandCall => ({
    words,
    options,
    json,
    terminal: screen,
    place,
  })

  function show(outcome: Outcome): void {
    lastTraceId = outcome.trace_id
    if (json) return screen.print(jsonLine(outcome))
    const text = escapeText(outcome.answer.replace(/\n+$/, ''))
    const mayCut = outcome.steps.every(({ action }) => typeof action !== 'string' || !quoting.test(action))
    if (text !== '') screen.answer(text, { mayCut })
    if (!quiet) screen.note(screen.noteStyle.dim(footerOf(outcome, 'undo')))
  }

  /** @param typed - the line as it is remembered; undefined where it was kept already */
  async function state(goal: string, typed: string | undefined, options: CommandCall['options'] = {}): Promise<number> {
    let isPrivate = true
    try {
      return await runGoal(goal, callFor([], { yes, quiet, ...options }), {
        session,
        progress: (text) => screen.progress(text),
        show(outcome) {
          isPrivate = outcome['private'] === true
          show(outcome)
        },
      })
    } catch (fault) {
      return tell(fault)
    } finally {
      // goals about notes are in nobody's file: what is forgotten must be gone. what never ended might have been one.
      if (typed !== undefined) history?.add(typed, { keep: !isPrivate })
    }
  }

  /** what went wrong, in the words of the command; where LOTUS is gone, what comes of that. */
  function tell(fault: unknown): number {
    if (!isLotusError(fault)) throw fault
    if (json) screen.print(failureLine(fault))
    else report(fault, false, screen)
    const code = exitCodeOfError(fault.code)
    if (code === exitCodes.unreachable && !json) screen.note('LOTUS has gone away; the next goal starts it again.')
    return code
  }

  async function run(name: string, args: readonly string[]): Promise<number> {
    try {
      if (notInside.has(name))
        throw clientErrors.USAGE({ value: name, detail: 'not inside the shell', fix: 'leave it first, with `exit`' })
      const command = await loadCommand(name === 'ask' ? 'run' : name)
      const { words, options } = parseArguments(command, args)
      if (options['help'] === true) {
        const { renderHelp } = await import('../client/help.ts')
        screen.print(renderHelp(command, screen.style))
        return exitCodes.completed
      }
      if (command.name === 'run') return await state(words.join(' '), undefined, options)
      return await command.run({ ...callFor(words, options), json: json || options['json'] === true })
    } catch (fault) {
      return tell(fault)
    }
  }

  async function own(word: OwnWord, rest: string): Promise<Done> {
    switch (word) {
      case 'exit':
      case 'quit':
        return { code: exitCodes.completed, isOver: true }
      case 'cd':
        folderBefore = changeFolder(rest, folderBefore, place.environment['HOME'])
        // paths that were spoken of lie where they were: from here on nothing is pointed at that was said before.
        session = newSession()
        return { code: exitCodes.completed }
      case 'more':
        if (!screen.more()) screen.note('there is no more')
        return { code: exitCodes.completed }
      case 'history':
        screen.print(history === undefined ? '' : history.lines().toReversed().map(escapeText).join('\n'))
        return { code: exitCodes.completed }
      case 'help':
        screen.print(rest === '' ? helpText(screen.style) : await explainWord(rest, screen.style))
        return { code: exitCodes.completed }
      case 'why':
        return { code: await run('why', rest === '' ? (lastTraceId === '' ? [] : [lastTraceId]) : [rest]) }
      case 'undo':
        // as a goal of this session it means what this session changed last.
        return { code: rest === '' ? await state('undo', undefined) : await run('undo', [rest]) }
    }
  }

  async function act(line: Exclude<Line, { kind: 'nothing' }>, typed: string): Promise<Done> {
    if (line.kind === 'goal') return { code: await state(line.text, typed) }
    history?.add(typed, { keep: true })
    if (line.kind === 'command') return { code: await run(line.name, line.args) }
    return await own(line.word, line.rest)
  }

  return {
    async take(typed) {
      try {
        const line = readLine(typed)
        return line.kind === 'nothing' ? { code: exitCodes.completed } : await act(line, typed)
      } catch (fault) {
        return { code: tell(fault) }
      }
    },
  }
}

/** names a session that nobody else has. */
function newSession(): string {
  return `shell-${createIdentifier()}`
}
