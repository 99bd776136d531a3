// the prompt and what it says: the folder, how LOTUS is where that is not healthy, and how much is due.
import { isLotusError } from '../../nucleus/errors.ts'
import { escapeLine } from '../client/escape.ts'
import { listOf, textOf } from '../client/fields.ts'
import { createClient } from '../client/http.ts'
import { findNucleus } from '../client/nucleus.ts'
import { readToken } from '../client/place.ts'
import type { Place } from '../client/place.ts'
import type { Style } from '../client/terminal.ts'
import { cutAt, displayWidth } from './layout.ts'

export interface State {
  /** as /health has it; `stopped` where none runs, `silent` where it does not answer. */
  readonly health: string
  /** reminders that have come due and nobody is done with. */
  readonly due: number
}

// a prompt waits no longer for what it says.
const limitMs = 700
const widestFolder = 32

/** looks at the LOTUS that runs; starts none. */
export async function lookAtState(place: Place): Promise<State> {
  const record = findNucleus(place)
  if (record === undefined) return { health: 'stopped', due: 0 }
  const [health, due] = await Promise.all([
    unlessAway(async () => {
      const { body } = await createClient(record.url, undefined).probe({ path: '/health', timeoutMs: limitMs })
      return textOf(body, 'status', 'silent')
    }, 'silent'),
    unlessAway(async () => {
      const client = createClient(record.url, readToken(place))
      return listOf(await client.request({ path: '/reminders', timeoutMs: limitMs }), 'due').length
    }, 0),
  ])
  return { health, due }
}

/** a LOTUS that has just gone away is no error of a prompt. */
async function unlessAway<Value>(ask: () => Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await ask()
  } catch (fault) {
    if (!isLotusError(fault)) throw fault
    return otherwise
  }
}

/** the working folder, `~` for the home, its end where it is long; a folder that was removed has no name any more. */
export function showFolder(home: string | undefined): string {
  let folder: string
  try {
    folder = process.cwd()
  } catch {
    return '(folder is gone)'
  }
  const inHome = home !== undefined && home !== '' && home !== '/' && (folder === home || folder.startsWith(`${home}/`))
  const shown = escapeLine(inHome ? `~${folder.slice(home.length)}` : folder)
  if (displayWidth(shown) <= widestFolder) return shown
  // the end says where somebody is.
  let end = shown
  while (displayWidth(end) >= widestFolder) end = end.slice(cutAt(end, 2).length || 1)
  return `…${end}`
}

export function renderPrompt(folder: string, { health, due }: State, style: Style): string {
  const parts = [folder]
  if (health !== 'healthy') {
    const paint = health === 'degraded' || health === 'starting' ? style.yellow : style.red
    parts.push(paint(`[${escapeLine(health)}]`))
  }
  if (due > 0) parts.push(style.yellow(`[${due} due]`))
  return `${parts.join(' ')}${style.bold('>')} `
}
