// the log of one flow inside DBOS: every kept entry is a step of its workflow, written one after the other, so that a
// workflow that is taken up finds them in the order in which they were kept.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { DBOS as Dbos } from '@dbos-inc/dbos-sdk'
import type { FlowKeeper, KeptEntry } from '../../flows/run.ts'
import type { PostgresFlowTables } from './flows-tables.ts'

/** what is written of an entry; `message` is the message that it took. */
interface Line extends KeptEntry {
  readonly message?: string
}

export interface FlowLog extends FlowKeeper {
  /** the error of DBOS by which it ends a workflow here: cancelled, or worked on by another process. */
  readonly stoppedBy: Error | undefined
}

export interface FlowLogParts {
  readonly DBOS: typeof Dbos
  readonly id: string
  readonly tables: PostgresFlowTables
  /** runs something outside of every workflow. */
  readonly outside: <Result>(work: () => Result) => Result
  readonly messageMayHaveCome: (signal: AbortSignal) => Promise<void>
}

/** reads what was kept before; called once, at the beginning of the workflow and within it. */
export async function createFlowLog(parts: FlowLogParts): Promise<FlowLog> {
  const { DBOS, id, tables } = parts
  const before = (await parts.outside(() => DBOS.listWorkflowSteps(id))) ?? []
  const lines: Line[] = []
  for (const { name } of before.toSorted((left, right) => left.functionID - right.functionID)) {
    // DBOS gives what it has and does not call this
    const line = await DBOS.runStep(() => Promise.reject(new Error('the step was kept already')), { name })
    lines.push(JSON.parse(line) as Line)
  }
  const taken = lines.flatMap(({ message }) => (message === undefined ? [] : [message]))
  // a flow may keep something from any callback: DBOS must see it within the workflow
  const within = AsyncLocalStorage.snapshot()
  let stoppedBy: Error | undefined
  let last: Promise<unknown> = Promise.resolve()
  const write = async (line: Line): Promise<boolean> => {
    if (stoppedBy !== undefined) return false
    try {
      await within(() => DBOS.runStep(() => Promise.resolve(JSON.stringify(line)), { name: line.name }))
      lines.push(line)
      return true
    } catch (error) {
      stoppedBy = error instanceof Error ? error : new Error(String(error))
      return false
    }
  }
  // one at a time: a gap in the log would end it, and a message must not be taken twice
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const working = last.then(work)
    last = working.catch(() => undefined)
    return working
  }
  return {
    get stoppedBy() {
      return stoppedBy
    },
    entries: () => lines,
    keep: (entry) => inTurn(() => write(entry)),
    take: (entry, topic) =>
      inTurn(async () => {
        const message = await tables.nextMessage(id, topic, taken)
        if (message === undefined) return undefined
        const { sequence, body } = message
        const kept = await write({ ...entry, value: body ?? 'null', message: sequence })
        if (kept) taken.push(sequence)
        return { kept, body }
      }),
    messageMayHaveCome: parts.messageMayHaveCome,
  }
}
