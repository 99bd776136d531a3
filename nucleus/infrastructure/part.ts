// a resource with its health and its end, as the opening of the infrastructure hands it around.
import type { ResourceHealth } from './ports.ts'

export interface Part<Resource> {
  readonly resource: Resource
  health(): ResourceHealth
  close(): Promise<void>
}
