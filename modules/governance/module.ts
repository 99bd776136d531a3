// governance: shows the policy in force and the audit chain. osd judges and records; this is the window to it.
import { defineModule } from '../../nucleus/modules/module.ts'
import { Operator } from '../operator/contract.ts'
import type { Json } from '../operator/contract.ts'
import { Governance } from './contract.ts'
import { settings } from './settings.ts'

export default defineModule({
  settings,
  start(context) {
    const operator = context.use(Operator)
    const governance: Governance = {
      async rules() {
        const { rules } = await operator.rules()
        return [...rules]
      },
      async explain({ ticket, action, args }) {
        const { decision, policy, reason, risk } = await operator.explain({
          ticket,
          action,
          args: args as Readonly<Record<string, Json>>,
        })
        return { decision, policy, reason, risk }
      },
      audit: (options) => operator.audit(options),
      verifyAudit: () => operator.verifyAudit(),
    }
    return {
      services: { [Governance.name]: governance },
      async health() {
        const { rules, problem } = await operator.rules()
        const details = { rules: rules.length }
        return problem === undefined
          ? { status: 'healthy', details }
          : { status: 'degraded', reason: `everything is denied: ${problem}`, details }
      },
    }
  },
})
