// puts the parts of reminders together and starts them; loaded once nobody waits for the boot any more.
import type { Nucleus } from '../../../nucleus/contract.ts'
import type { Operator } from '../../operator/contract.ts'
import { showOnDesktop } from './desktop.ts'
import { createReminders, type ReminderContext, type Reminders } from './reminders.ts'
import { createTelling, type Telling } from './telling.ts'

export interface OpenReminders extends Reminders {
  readonly telling: Telling
}

export async function openReminders(
  context: ReminderContext,
  services: { readonly nucleus: Pick<Nucleus, 'events'>; readonly operator: Pick<Operator, 'notify'> },
): Promise<OpenReminders> {
  const { nucleus, operator } = services
  const reminders = createReminders(context, { nucleus, show: (due) => showOnDesktop(operator, due) })
  await reminders.start()
  return { ...reminders, telling: createTelling(reminders) }
}
