// reminders that have come due, told to the person: claimed, shown, and only then marked as told. who dies between showing
// and marking leaves them to be told once more; nobody else shows them meanwhile.
import { setTimeout as sleep } from 'node:timers/promises'
import { isLotusError } from '../../nucleus/errors.ts'
import type { GoalClient } from './context.ts'
import { escapeLine } from './escape.ts'
import { listOf, numberOf, textOf } from './fields.ts'
import type { Fields } from './fields.ts'
import type { Client } from './http.ts'
import type { Terminal } from './terminal.ts'

/** one that is to be told; `said` is the whole line, escaped. */
export interface Notice {
  readonly id: string
  readonly said: string
  readonly missed: boolean
}

type Listener = Pick<GoalClient, 'time_zone' | 'locale'>

function readNotice(fields: Fields): Notice {
  return {
    id: textOf(fields, 'id'),
    said: escapeLine(textOf(fields, 'said')),
    missed: fields['missed'] === true,
  }
}

/** takes what is due and untold; nobody else is given it for ten seconds. */
async function claim(client: Client, { time_zone, locale }: Listener): Promise<Notice[]> {
  const body = { client: { time_zone, locale } }
  const answer = await client.request({ method: 'POST', path: '/reminders/claim', body, timeoutMs: 2_000 })
  return listOf(answer, 'reminders').map(readNotice)
}

/**
 * shows what is due and untold, then marks it as told; gives how many there were.
 * @param show - must have shown it when it returns.
 */
export async function tellDue(
  client: Client,
  listener: Listener,
  show: (notice: Notice) => void | Promise<void>,
): Promise<number> {
  const notices = await claim(client, listener)
  if (notices.length === 0) return 0
  for (const notice of notices) await show(notice)
  const ids = notices.map(({ id }) => id)
  const told = await client.request({ method: 'POST', path: '/reminders/told', body: { ids }, timeoutMs: 2_000 })
  return numberOf(told, 'told')
}

/** one line on stderr, beside the answer of a command. */
export function showNotice({ said, missed }: Notice, terminal: Terminal): void {
  const { noteStyle } = terminal
  terminal.note(missed ? noteStyle.yellow(said) : noteStyle.bold(said))
}

/** the end of a command: what is due is told, and a LOTUS that has just gone away spoils nothing. */
export async function tellAfterCommand(client: Client, listener: Listener, terminal: Terminal): Promise<void> {
  try {
    await tellDue(client, listener, (notice) => showNotice(notice, terminal))
  } catch (fault) {
    // the command has done its work; what was not marked is told at the next one.
    if (!isLotusError(fault)) throw fault
  }
}

const firstPauseMs = 1_000
const longestPauseMs = 60_000

/**
 * for an open shell: tells what is due now, and what comes due, as it does, until the signal aborts. a LOTUS that is
 * stopped and started meanwhile is found again; what came due in between is told then.
 * @param connect - a client for the LOTUS that runs at that moment, undefined where none does.
 */
export async function watchDue(options: {
  readonly connect: () => Client | undefined
  readonly listener: Listener
  readonly show: (notice: Notice) => void | Promise<void>
  readonly signal: AbortSignal
}): Promise<void> {
  const { connect, listener, show, signal } = options
  let pauseMs = firstPauseMs
  while (!signal.aborted) {
    try {
      const client = connect()
      if (client !== undefined) {
        // the stream is opened first: what comes due while the others are told is in it.
        for await (const event of client.events({ types: ['timer.fired'], signal })) {
          pauseMs = firstPauseMs
          if (event === 'open' || event.type === 'timer.fired') await tellDue(client, listener, show)
        }
      }
    } catch (fault) {
      if (!isLotusError(fault)) throw fault
    }
    // ends early when the signal aborts, which is what it is for.
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    pauseMs = Math.min(longestPauseMs, pauseMs * 2)
  }
}
