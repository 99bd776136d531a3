// fields that several bodies share.
import { z } from 'zod'

export const TraceId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'a trace id has 32 hexadecimal digits')
  .meta({ description: 'names a run', example: '0199f3c8e6d57c1a8b6f2d3e4a5b6c7d' })

export const Ticket = z.string().min(1).max(4_096).meta({
  description: 'what lotus-osd gave to the client; without one the token’s person asks, in LOTUS_HOME/workspace',
})

/** how many rows at most; texts of a query are numbers here. */
export const limitOf = (standard: number, most: number) =>
  z.coerce.number().int().min(1).max(most).default(standard).meta({ description: 'how many at most' })
