// the public face of the model providers: which are there, and a completion through the first that can.
import { z } from 'zod'
import { defineEvent } from '../../nucleus/events/event.ts'
import { defineService } from '../../nucleus/services/service.ts'

export interface ProviderStatus {
  readonly name: string
  /** available: answers; configured: a key is set, not called in this version; absent: nothing there. */
  readonly status: 'available' | 'configured' | 'absent' | 'failing'
  readonly reason: string
  readonly models: readonly string[]
}

export interface Completion {
  readonly text: string
  readonly provider: string
  readonly model: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costMicroUsd: number
}

export interface Providers {
  status(): Promise<ProviderStatus[]>
  /** @throws MODEL_MISSING with the remedy when no provider can answer. */
  complete(request: {
    prompt: string
    system?: string
    model?: string
    timeoutMs?: number
    /** ends the call; what the model has done until then is lost. */
    signal?: AbortSignal
  }): Promise<Completion>
  spend(): Promise<{ costMicroUsd: number; inputTokens: number; outputTokens: number; calls: number }>
}

export const Providers = defineService<Providers>('providers', { status: 'call', complete: 'call', spend: 'call' })

export const LlmOutput = defineEvent({
  type: 'llm.output',
  durability: 'journaled',
  description: 'a model has answered; carries usage and cost, never the text.',
  data: z.object({
    provider: z.string(),
    model: z.string(),
    inputTokens: z.number().int(),
    outputTokens: z.number().int(),
    costMicroUsd: z.number().int(),
    durationMs: z.number(),
  }),
})
