// shows what has just come due as notifications of the desktop; many missed ones at once are one of them.
import type { Operator } from '../../operator/contract.ts'
import type { DueNow } from './reminders.ts'

/** more than these at once would cover the screen, as after a week away. */
const singly = 3

/** the operator says whether there is a desktop; where there is none, nothing is lost: the notice is still to be told. */
export async function showOnDesktop(operator: Pick<Operator, 'notify'>, due: readonly DueNow[]): Promise<void> {
  const missed = due.filter(({ late }) => late)
  const together = missed.length > singly
  for (const { text, kind, late } of due) {
    if (late && together) continue
    await operator.notify({ title: late ? `missed ${kind}` : kind, text })
  }
  if (together) {
    await operator.notify({ title: `${missed.length} missed reminders`, text: '`lotus reminders` lists them' })
  }
}
