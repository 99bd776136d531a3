// governance has no settings of its own yet: the policy lies in files, the chain with osd.
import { defineSettings } from '../../nucleus/settings/schema.ts'

export const settings = defineSettings({})
