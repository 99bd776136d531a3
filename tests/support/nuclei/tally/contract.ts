// the event that tally works on.
import { z } from 'zod'
import { defineEvent } from '../../../../nucleus/events/event.ts'

export const TallyCounted = defineEvent({
  type: 'tally.counted',
  durability: 'journaled',
  description: 'something is to be done once.',
  data: z.object({ number: z.number().int(), flow: z.boolean().default(false) }),
})
