// the words between the vectors' front in the nucleus and their worker thread; plain data both ways.
import type { ErrorData } from '../../errors.ts'
import type { VectorHit, VectorItem, VectorQuery } from '../ports.ts'

export const vectorsSchemaVersion = 1

export interface VectorsOperations {
  upsert: { collection: string; items: readonly VectorItem[] }
  search: { collection: string; query: VectorQuery }
  get: { collection: string; ids: readonly string[] }
  delete: { collection: string; ids: readonly string[] }
  count: { collection: string }
}

export interface VectorsResults {
  upsert: void
  search: VectorHit[]
  get: VectorItem[]
  delete: number
  count: number
}

export type VectorsOperation = keyof VectorsOperations

export interface VectorsRequest<Name extends VectorsOperation = VectorsOperation> {
  readonly number: number
  readonly operation: Name
  readonly parameters: VectorsOperations[Name]
}

export type VectorsReply =
  | { readonly number: number; readonly result: unknown }
  | { readonly number: number; readonly error: ErrorData }

export interface VectorsWorkerData {
  readonly path: string
}
