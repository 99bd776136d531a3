// asks the person about a plan: what it would do comes from osd itself, and the answer goes there.
import { escapeText } from './escape.ts'
import type { Osd, PlanName } from './osd.ts'
import type { Terminal } from './terminal.ts'

// how long a question stays open where osd does not say it.
const usualLimitMs = 120_000

let open = ''

/** the question that stands on the terminal and waits, empty where none does. */
export const openQuestion = (): string => open

/** one line from the terminal; undefined where none comes any more. not in raw mode, so that Ctrl+C stays a signal. */
export async function askLine(question: string, signal: AbortSignal): Promise<string | undefined> {
  const { createInterface } = await import('node:readline')
  // a question before this one has let go of it.
  process.stdin.ref()
  const input = createInterface({ input: process.stdin, terminal: false })
  process.stderr.write(question)
  open = question
  try {
    return await new Promise<string | undefined>((resolve) => {
      let isOver = false
      const settle = (line: string | undefined): void => {
        if (isOver) return
        isOver = true
        // at once, and not when the promise is looked at: who ends the question has something to say below it.
        if (line === undefined) process.stderr.write('\n')
        resolve(line)
      }
      input.once('line', settle)
      input.once('close', () => settle(undefined))
      if (signal.aborted) return settle(undefined)
      signal.addEventListener('abort', () => settle(undefined), { once: true })
    })
  } finally {
    open = ''
    input.close()
    // an open stdin would keep the process alive.
    process.stdin.unref()
  }
}

// changes that are shown before the question; the rest is one answer away.
const shownLines = 40
// a little more than that is shown whole.
const mostLines = 60

/** asks about what `lines` show; `all` shows what was left out and asks again. */
async function askAbout(
  lines: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const isCut = lines.length > mostLines
  for (const line of isCut ? lines.slice(0, shownLines) : lines) terminal.note(`  ${line}`)
  if (!isCut) return await askYes('do it?', signal)
  terminal.note(`  … ${lines.length - shownLines} more lines; answer \`all\` to see them first`)
  const line = await askLine('do it? [y/N] ', signal)
  if (line === undefined || !/^\s*all\s*$/i.test(line)) return line === undefined ? undefined : isYes(line)
  for (const rest of lines.slice(shownLines)) terminal.note(`  ${rest}`)
  return await askYes('do it?', signal)
}

const isYes = (line: string): boolean => /^\s*y(es)?\s*$/i.test(line)

/** yes or no; anything but a clear yes is no, and undefined where the input ended or `signal` aborted before an answer. */
export async function askYes(question: string, signal: AbortSignal): Promise<boolean | undefined> {
  const line = await askLine(`${question} [y/N] `, signal)
  return line === undefined ? undefined : isYes(line)
}

const strong = 'it cannot be undone, or reaches beyond this folder'
const referred = 'what it is about was not named, but taken from what came before'

/**
 * answers a plan's question: by `--yes` where osd lets it, else by the person, else by telling that nobody is there. where
 * `signal` aborts, the goal is being ended or has ended: then there is nothing to answer any more.
 */
export async function answerConfirmation(
  osd: Osd,
  plan: PlanName & { readonly expiresAt: string },
  options: { readonly yes: boolean; readonly terminal: Terminal; readonly signal: AbortSignal },
): Promise<void> {
  const { yes, terminal, signal } = options
  const question = await osd.showPlan(plan)
  if (yes && question.yesAnswers) return await osd.answerPlan(plan, { answer: 'yes', by: 'yes_flag' })
  if (!terminal.canAsk) return await osd.answerPlan(plan, { answer: 'absent', by: 'person' })
  const style = terminal.noteStyle
  terminal.note(`${style.bold('LOTUS asks before it does this:')} ${style.dim(escapeText(question.goal))}`)
  for (const line of question.preview) terminal.note(`  ${escapeText(line)}`)
  if (yes) terminal.note(style.yellow(`--yes does not answer this: ${question.isReferred ? referred : strong}.`))
  const expiresMs = Date.parse(plan.expiresAt) - Date.now()
  const limit = AbortSignal.timeout(Number.isFinite(expiresMs) ? Math.max(1000, expiresMs) : usualLimitMs)
  // most answers are given without anybody to look.
  const { renderChanges } = await import('./show-changes.ts')
  const changes = renderChanges(await osd.showChanges(plan), style)
  const answer = await askAbout(changes, terminal, AbortSignal.any([signal, limit]))
  if (signal.aborted) return
  if (answer === undefined)
    terminal.note(limit.aborted ? 'no answer came in time' : 'the input has ended without an answer')
  const given = answer === undefined ? 'absent' : answer ? 'yes' : 'no'
  await osd.answerPlan(plan, { answer: given, by: 'person' })
}
