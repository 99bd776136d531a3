// governance's public face: which policies are in force, and the view of the audit chain; all of it through osd.
import type { AuditRow, AuditVerification, Decision, Risk } from '../operator/contract.ts'
import { defineService } from '../../nucleus/services/service.ts'

export interface PolicyRule {
  readonly name: string
  readonly decision: Decision
  readonly description: string
  readonly file: string
}

export interface PolicyExplanation {
  readonly decision: Decision
  readonly policy: string
  readonly reason: string
  readonly risk: Risk
}

export interface Governance {
  rules(): Promise<PolicyRule[]>
  /** what the policy in force says of one action, without doing it. */
  explain(query: {
    ticket: string
    action: string
    args: Readonly<Record<string, unknown>>
  }): Promise<PolicyExplanation>
  audit(options: { limit?: number; traceId?: string }): Promise<AuditRow[]>
  verifyAudit(): Promise<AuditVerification>
}

export const Governance = defineService<Governance>('governance', {
  rules: 'call',
  explain: 'call',
  audit: 'call',
  verifyAudit: 'call',
})
