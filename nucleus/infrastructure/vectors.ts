// stub
import type { Logger } from 'pino'
import type { ResourceHealth, Vectors } from './ports.ts'
export interface EmbeddedVectors extends Vectors {
  health(): ResourceHealth
  close(): Promise<void>
}
export declare function openVectors(options: { path: string; log: Logger }): EmbeddedVectors
