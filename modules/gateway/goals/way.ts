// whether the modules that every goal goes through are there: a goal that nobody would work on is refused at once.
import type { Nucleus } from '../../../nucleus/contract.ts'
import type { LotusError } from '../../../nucleus/errors.ts'
import type { ServiceDefinition } from '../../../nucleus/services/service.ts'
import { gatewayErrors } from '../errors.ts'

export interface Way {
  /** what is missing, as the error for whoever states a goal; undefined where nothing is. */
  missing(): Promise<LotusError | undefined>
}

/**
 * one that is being restarted or reloaded is not missing: calls and events wait for it.
 * @param services - those on the way
 * @param available - whether somebody provides a service, or will in a moment
 */
export function watchWay(
  services: readonly ServiceDefinition[],
  parts: { readonly available: (service: ServiceDefinition) => boolean; readonly nucleus: Nucleus },
): Way {
  return Object.freeze({
    missing: async () => {
      const name = services.find((service) => !parts.available(service))?.name
      if (name === undefined) return undefined
      // each of these services is named as the module that provides it
      const status = (await parts.nucleus.modules()).find((module) => module.name === name)
      if (status?.isElsewhere === true)
        return gatewayErrors.GOAL_ELSEWHERE({ detail: `${name}: ${status.reason ?? ''}` })
      const why = [status?.status ?? 'not there', status?.reason ?? status?.lastError].filter(
        (part) => part !== undefined,
      )
      return gatewayErrors.MODULE_DOWN({
        value: name,
        detail: why.join(': '),
        fix: `\`lotus module load ${name}\` starts it; \`lotus logs\` shows why it ended, where it did so by itself`,
      })
    },
  })
}
