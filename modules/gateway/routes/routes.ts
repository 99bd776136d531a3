// all routes of the interface, in the order of the documentation.
import type { App } from '../server/app.ts'
import { addChatRoutes } from './chat.ts'
import { addConfirmationRoutes } from './confirmations.ts'
import { addDeadLetterRoutes } from './dead-letters.ts'
import { addFlowRoutes } from './flows.ts'
import { addEventRoutes } from './events.ts'
import { addGoalRoutes } from './goals.ts'
import { addGovernanceRoutes } from './governance.ts'
import { addHealthRoutes } from './health.ts'
import { addJournalRoutes } from './journal.ts'
import { addKeepingRoutes } from './keeping.ts'
import { addKnowledgeRoutes } from './knowledge.ts'
import { addMemoryRoutes } from './memory.ts'
import { addMetricsRoutes } from './metrics.ts'
import { addModuleRoutes } from './modules.ts'
import { addNodeRoutes } from './nodes.ts'
import type { RouteParts } from './parts.ts'
import { addReminderRoutes } from './reminders.ts'
import { addRunRoutes } from './runs.ts'
import { addUndoRoutes } from './undo.ts'

/** adds every documented route. */
export function addRoutes(app: App, parts: RouteParts): void {
  for (const add of [
    addHealthRoutes,
    addMetricsRoutes,
    addGoalRoutes,
    addChatRoutes,
    addConfirmationRoutes,
    addRunRoutes,
    addUndoRoutes,
    addEventRoutes,
    addDeadLetterRoutes,
    addFlowRoutes,
    addJournalRoutes,
    addMemoryRoutes,
    addReminderRoutes,
    addModuleRoutes,
    addNodeRoutes,
    addGovernanceRoutes,
    addKnowledgeRoutes,
    addKeepingRoutes,
  ]) {
    add(app, parts)
  }
}
