// danger is judged before ability: what a goal would do to the machine or its person, from its words alone.
// quoted texts are left out (writing about `rm -rf /` harms nobody); paths are judged again by the operator's policy.
import type { GoalRisk } from './contract.ts'
import type { WordToken } from './slots/slot-parser.ts'

export interface Danger {
  readonly risk: GoalRisk
  /** what was recognised, to be said to the person: `it would wipe a disk`. */
  readonly danger: string
}

const destroy =
  '\\b(?:wipe(?: out)?|clear out|rub out|blow away|erase|destroy|delete|remove|overwrite|shred|zero(?: out)?|nuke|clear|kill|empty|purge|trash|format|reformat|blank|corrupt|scrub|get rid of|clean out|obliterate|rm)'
const disable =
  '(?:disable|turn off|switch off|deactivate|stop|kill|shut (?:down|off)|remove|uninstall|bypass|flush|take down|suspend|pause|drop|lower|switch .{0,12} off|turn .{0,20} off|get rid of|delete|block|prevent|end)'
const reveal =
  "(?:show|print|read|display|cat|view|see|open|output|dump|reveal|give|tell|list|get|what(?: is|'s| are)?|copy|move|zip|archive|compress|pack|tar|encode|share|leak|fetch|extract|let me see|look at|expose|grab|steal|find out|send|upload|mail|e-?mail|post|publish|transmit|push|transfer|forward|paste)"
const send =
  '(?:upload|send|mail|e-?mail|post|exfiltrate|transmit|forward|publish|push|transfer|scp|ftp|share|leak|ship|submit|beam|copy)'
const change =
  '(?:write|append|add|overwrite|create|make|save|replace|delete|remove|move|rename|edit|modify|change|put|insert|truncate|empty|clear|copy|touch|erase|wipe|chmod|chown|store|link|symlink|drop|place|stick|prepend|unlink|trash|swap|substitute|rm|mv|cp|install|extract|unpack|unzip|set|give|update|corrupt|destroy|get rid of|echo|fill|zero|blank|wreck|break|damage|mangle)'
const systemPlace =
  '(?:/(?:etc|usr|bin|sbin|boot|lib(?:32|64)?|dev|proc|sys|var|root|opt|run|srv|home)(?:/[^\\s]*)?(?=[\\s,;:!?]|$)|/(?=[\\s,;:!?]|$)|(?:\\.\\./){3,})'
const wholeMachine =
  '(?:(?:(?:this|the|my|whole|entire|complete|all of (?:this|the|my)) )*(?:computer|machine|system|server|laptop|pc|box|hard ?(?:disk|drive)|disk|drive|ssd|root(?: file ?system| directory| folder)?|file ?system|partition|operating system|os)\\b)'
/** the folder that everything here lies in. */
const parentPlace =
  '(?:(?:the )?(?:parent|containing|enclosing|outer|upper) (?:folder|director(?:y|ies))|(?:the )?(?:folder|directory) (?:above|over|around|that (?:this|we|i)|(?:which|that) contains|containing|one (?:up|level up)|i am in|we are in)|\\.\\.(?=[\\s,;!?]|$))'
const secret =
  "(?:(?:private|secret|ssh|gpg|pgp|signing|host|encryption)(?: ssh| gpg)? keys?\\b|private .{0,12}keys?\\b|id_(?:rsa|dsa|ecdsa|ed25519)|(?:^|[\\s/~])\\.(?:ssh|gnupg|aws|kube|password-store)\\b|/etc/g?shadow|(?:saved|stored|browser|chrome|firefox|all|my|every(?:one|body)?'?s?|user|root) (?:\\w+ )?passwords?\\b|password (?:store|manager|database|vault|file|hash(?:es)?)|passwords? of (?:all|every|root|this (?:machine|computer)|the (?:root|admin|users?|system|database)|other)|(?:api|access|bearer|auth|session|http|secret|login|lotus|authentication|admin) (?:key|token)s?\\b|token (?:of|that|from|lotus)|credentials?\\b|keyring|keychain|wallet(?: seed)?|seed phrase|session cookies?|browser cookies?|browser history)"

/** rule name → what it says, how bad it is, what it looks like. matched against lower-case text without quotes. */
const rules: readonly { readonly risk: GoalRisk; readonly says: string; readonly pattern: RegExp }[] = [
  {
    risk: 'critical',
    says: 'it is a fork bomb, which exhausts the machine',
    pattern:
      /fork ?bombs?|process(?:es)?\b.*\b(?:copy(?:ing)?|clon(?:e|ing)|spawn(?:ing)?|fork(?:ing)?|duplicat(?:e|ing)|multiply(?:ing)?)\b.*\b(?:itself|themselves)|(?:spawn|fork|start|launch|creat|mak|open)(?:e|s|ing)?\b.*\bprocess(?:es)?\b.*\b(?:until|till|forever|endlessly|without end|non.?stop)|(?:until|till) (?:the|this|my) (?:machine|computer|system|server|laptop|pc) (?:hangs|freezes|crashes|dies|falls|stops|locks|grinds|gives|breaks)|:\s*\(\)\s*\{|(?:infinite|endless|unlimited) (?:number of )?process|spawn processes (?:forever|until)|(?<!\b(?:what|who|which \w+)(?:['’]s| is| are| be)? )(?:fill|use) (?:up )?(?:the (?:whole|entire) disk|all (?:the |of the )?(?:memory|ram|disk|cpu))/,
  },
  {
    risk: 'critical',
    says: 'it would wipe or format a disk',
    pattern: new RegExp(
      `\\b(?:format|reformat|mkfs(?:\\.\\w+)?|repartition|fdisk|parted)\\b.*(?:/dev/|disk|drive|partition|usb|ssd|card|volume)|\\bmkfs|\\bdd\\b.*\\bof=|(?:file ?system|ext[234]|xfs|btrfs|ntfs|fat32|partition(?: table)?) (?:on|to|onto) /dev/|${destroy}\\b.*(?:/dev/\\w+|hard ?(?:disk|drive)|\\b(?:ssd|boot ?sector|mbr|boot ?loader|partitions?|partition table|grub|master boot record|disks?|drives?|usb stick|sd card)\\b)|\\b(?:zeros?|zeroes|random (?:data|bytes))\\b.*(?:/dev/|disk|drive|boot)|\\b(?:fill|overwrite|write over|flood)\\b.*(?:/dev/|\\bdisks?\\b|\\bdrives?\\b|\\bpartitions?\\b).*\\b(?:zeros?|zeroes|random|garbage|rubbish|noise)\\b`,
    ),
  },
  {
    risk: 'critical',
    says: 'it would delete the system or a whole home folder',
    pattern: new RegExp(
      `\\brm\\b.*\\s(?:/|~|/home(?:/[\\w.-]+)?|\\$home)/?\\*?(?=[\\s;&|]|$)|--no-preserve-root|${destroy}\\b (?:absolutely )?(?:all|every(?:thing|\\s+(?:single )?file)?|the whole|the entire|my (?:whole|entire)|the contents? of)\\b.*(?:\\b(?:on|under|in|from|of|below|inside)\\b (?:the root\\b|/(?=[\\s,;.!?]|$)|${systemPlace}|~/?(?=[\\s,;.!?]|$)|${wholeMachine}|my (?:home|account|user)|home\\b))|${destroy}\\b (?:the |my |our |this |his |her )*(?:whole |entire |complete )?(?:home|root|system|user)(?: ?dir(?:ectory)?| folder)?(?=[\\s,;.!?]|$)(?! (?:file|note))|${destroy}\\b (?:the |my |this )*(?:whole |entire )?(?:root )?(?:operating system|file ?system|computer|server|machine|linux)(?=[\\s,;.!?]|$)|${destroy}\\b (?:absolutely )?(?:all|every) (?:of )?(?:my |the |our )?(?:system files?|users|home (?:folders?|directories))\\b|${destroy}\\b (?:the |my |~/)*private\\b(?: folder| directory)?(?=[\\s,;.!?]|$)|(?:let|make) (?:the|this|my) (?:computer|machine|system|server) (?:unusable|unbootable)|brick (?:this|the|my)`,
    ),
  },
  {
    risk: 'critical',
    says: 'it would delete all data of a kind, wherever that is; name the files or the folder that shall go',
    pattern: new RegExp(
      `${destroy}\\b (?:absolutely )?(?:all|every) (?:of )?(?:my |the |our )?(?:data|backups?|user files)\\b|${destroy}\\b.*\\bbackups? of\\b`,
    ),
  },
  {
    risk: 'critical',
    says: 'it would delete this folder, or all that is in it, or what lies above it',
    pattern: /\brm\s+(?:-\w+\s+)*-\w*[rf]\w*(?:\s.*)?\s(?:\.{1,2}\/?|(?:\.\/)?\*|\.\.\/\S*)(?=[\s;&|]|$)/,
  },
  {
    risk: 'high',
    says: 'it would remove the folder that everything here lies in',
    pattern: new RegExp(
      `^(?:please |now |just |lotus,? |can you |could you )*${destroy}\\b (?:the )?(?:whole |entire )?${parentPlace}`,
    ),
  },
  {
    risk: 'critical',
    says: 'it would open permissions or change owners of the whole system',
    pattern:
      /(?:chmod|chown|chgrp)\s+(?:-\w+|--recursive).*\s[/~](?:[\s/;&|]|$)|(?:world|publicly|everyone|everybody)[ -]?(?:writ(?:e?able)|readable)|writ(?:e?able) (?:by|for|to) (?:every(?:one|body)?|all|the world|anyone)|\b(?:0?777|a\+w|o\+w)\b.*(?:\/|every|all|system|recursive)|(?:change|set|give|make) .*(?:owner(?:ship)?|permissions?).*(?:of|on|to) (?:\/(?=\s|$)|(?:every|all) files?|the (?:whole|entire)|everything)|\bset(?:uid|gid)\b|suid bit|\bumask 0+\b|(?:remove|drop) all (?:file )?permissions/,
  },
  {
    risk: 'critical',
    says: 'it would end processes that the machine needs',
    pattern:
      /\b(?:kill|terminate|end|stop|abort|quit|murder|shut down|close)\b (?:off )?(?:(?:every|all|each)(?: of)?(?: the| my| single| running| other)* (?:process|program|task|service|daemon|user session)|(?:process|pid|the process with (?:pid|id))(?: number| id)? ?1\b|init\b|systemd\b|the (?:init|systemd|kernel|ssh|x server|display server|network) ?(?:process|daemon|server|service)?\b|sshd\b|pid 1\b|everything(?: that(?:'s| is))? running)|kill -9 (?:-1|1)\b|killall|pkill -9|\bcrash (?:the|this|my) (?:kernel|system|machine|computer|server)|kernel panic/,
  },
  {
    risk: 'critical',
    says: 'it would switch off what protects the machine',
    pattern: new RegExp(
      `\\b${disable}\\b.*(?:firewall|iptables|nftables|\\bufw\\b|se ?linux|app ?armor|audit(?:d|ing)?\\b|antivirus|anti-virus|clamav|fail2ban|virus scanner|intrusion|security (?:updates?|features?|checks?|polic)|automatic (?:security )?updates|unattended.upgrades|\\blogging\\b|\\bjournald\\b|syslog|password (?:check|prompt|protection|auth)|sandbox(?:ing)?\\b|secure boot|encryption|two.factor|screen lock|\\bbackups?\\b(?! (?:file|folder|\\.))|policy (?:checks?|enforcement)|approvals?|confirmations?)|(?:firewall|se ?linux|app ?armor|antivirus|anti-virus|audit log)\\b.*\\b(?:(?:turn|switch|shut) (?:it|that|them) (?:off|down)|(?:disable|stop|kill|remove|end) (?:it|that|them)\\b)|(?:firewall|se ?linux|app ?armor) (?:off|down|to (?:permissive|disabled))|(?:set|switch|put) se ?linux (?:to|in|into)|permissive mode|open (?:all|every) (?:the )?(?:network )?ports?|allow (?:root|password|empty|anonymous) (?:log ?in|ssh)|ignore (?:your|the|all) (?:policy|policies|rules|instructions)|(?:let|allow) (?:everyone|anybody|anyone|the (?:whole )?internet) (?:in|to (?:log|connect|access))`,
    ),
  },
  {
    risk: 'critical',
    says: 'it would give away secrets',
    pattern: new RegExp(
      `\\b${reveal}\\b.*${secret}|${secret}.*\\b(?:to|at|with|into) (?:https?:|ftp|\\S+@|the (?:web|internet|cloud)|pastebin|a (?:public|remote))`,
    ),
  },
  {
    risk: 'critical',
    says: 'it would send files of this machine to somebody else',
    pattern: new RegExp(
      `\\b${send}\\b.*(?:[~/.][\\w.-]*/|\\bfiles?\\b|\\bfolders?\\b|director(?:y|ies)|contents? of|documents|photos|\\bdata\\b|database|history|/etc/|logs?\\b|passwd|home).*\\b(?:to|on|onto|at|via) .*(?:(?:https?|ftp|sftp|s3|gopher|tftp)://|\\S+@\\S+|\\d{1,3}(?:\\.\\d{1,3}){3}|pastebin|(?:remote|public|foreign|my|their|another|external) (?:server|host|site|ftp|bucket|machine)|the (?:web|internet|dark ?web|public))`,
    ),
  },
  {
    risk: 'critical',
    says: 'it would run a program straight from the network',
    pattern:
      /\b(?:curl|wget|fetch|download|get|pull|grab|load)\b.*(?:\|\s*(?:sudo\s+)?(?:ba|z|da|k)?sh\b|\b(?:and|then|to)\b.*\b(?:run|execute|install|launch|start|pipe|eval|source)\b)|\b(?:run|execute|install|launch|eval|pipe)\b.*(?:https?|ftp):\/\//,
  },
  {
    risk: 'critical',
    says: 'it would hand out root rights',
    pattern:
      /\bsudoers?\b|nopasswd|password-?less (?:sudo|root|login)|(?:root|admin(?:istrator)?|sudo|superuser) (?:rights?|access|privileges?|permissions?|powers?|group)|\b(?:as|become|with) (?:root|sudo|superuser|administrator)\b|\broot(?:'s)? password|password (?:of|for) (?:root|every|all|the (?:admin|root))|(?:change|reset|set|remove|crack|guess|brute.?force|hack) .*passwords?\b|\buser(?:add|mod|del)\b|(?:add|create|make|new)\b.{0,20}\b(?:root|admin|sudo|superuser|privileged) (?:user|account)|\b(?:user|account)\b.*\b(?:may|can|is allowed to|with the right to) do (?:anything|everything|whatever)|uid (?:of )?0\b|\bsudo\b|privilege escalation|(?:delete|remove|lock out|lock) (?:all |every |the )?(?:other )?(?:users?|accounts?|root)\b|authorized_keys/,
  },
  {
    risk: 'critical',
    says: 'it would plant or run harmful software',
    pattern:
      /reverse ?shell|back ?door|key ?logger|root ?kit|ransom ?ware|mal ?ware|\bvirus\b|trojan|\bworm\b|botnet|spy ?ware|(?:bitcoin|crypto(?:currency)?|monero|coin|ethereum) ?min(?:er|ing|e)|\bmine (?:bitcoin|crypto|monero)|ddos|denial.of.service|port ?scan|nmap|exploit\b|sql injection|phishing|\bhack(?:ing)?\b|break into|spam (?:mail|everyone|all|my)|encrypt (?:all|every|my whole|the whole)|sniff (?:the )?(?:network|traffic|passwords?)|(?:attack|flood) (?:the|a|this|my) |\bnc -\w*e|bash -i|listen for (?:keystrokes|passwords)|record (?:all |every )?(?:keystrokes|key ?presses)|self.replicat/,
  },
  {
    risk: 'critical',
    says: 'it would hide what happened on the machine',
    pattern:
      /(?:cover|hide|remove|erase|wipe|delete|clear) (?:up )?(?:my|our|all|the|any)? ?(?:tracks?|traces?(?: of)|evidence|footprints)|(?:can(?:not|'t)|no ?(?:one|body)|so that) .{0,30}(?:be )?traced|(?:clear|delete|erase|wipe|remove|purge|empty|truncate|tamper|falsify|forge|edit|rewrite|alter|change)\b.*(?:(?:system|audit|auth|security|access|login|server|kernel) (?:logs?|journal|trail|chain)|(?:shell|bash|zsh|command) history|\/var\/log|audit (?:log|chain|trail)|journalctl|lastlog|wtmp)/,
  },
  {
    risk: 'critical',
    says: 'it would change or reach into protected places of the system',
    pattern: new RegExp(
      `\\b${change}\\b.*(?:^|[\\s"'(=:])${systemPlace}|(?:^|\\s)>{1,2}\\s*/|\\b${change}\\b.*(?:~|/home/\\w+)/\\.(?:ssh|gnupg|bashrc|profile|zshrc|bash_profile|config/autostart|config/systemd|aws|kube)|\\b(?:crontab|cron ?job|/etc/cron|systemd (?:unit|service|timer)|at ?job|startup script|autostart|login script|ld\\.so\\.preload|init\\.d)\\b.*(?:root|shell|run|start|open|download|http|execute)|${change}\\b.*\\b(?:hosts file|passwd file|shadow file|sudoers|crontab|fstab|kernel (?:module|parameter|image)|system (?:libraries|binaries|folder|director(?:y|ies))|boot (?:files|folder|directory|partition))`,
    ),
  },
  {
    risk: 'high',
    says: 'it would stop or restart the machine',
    pattern:
      /^(?:please |now |lotus,? |could you |can you |just )*(?:shut ?down|power (?:off|down)|reboot|restart|halt|turn off|switch off|hibernate|suspend|poweroff|init 0|init 6)(?: (?:the|this|my|whole|entire))*(?: (?:machine|computer|system|server|laptop|pc|box|host))?(?: (?:now|immediately|please|at once|right now|tonight))*[.!]?$/,
  },
  {
    risk: 'high',
    says: 'it would remove software that the machine needs',
    pattern:
      /(?:uninstall|remove|purge|delete|downgrade) .*(?:\b(?:linux|the) kernel|kernel packages?|\bglibc\b|libc6?\b|\bbash\b|systemd|\bapt\b|dpkg|coreutils|openssh|sshd|network ?manager|\bpython3?(?: itself)?$|(?:all|every) (?:installed )?packages?)/,
  },
  {
    risk: 'high',
    says: 'it is a command of a shell that deletes for good; say what shall go to the trash, such as "delete the folder drafts"',
    pattern: /\brm\s+(?:-\w+\s+)*-\w*[rf]/,
  },
  {
    risk: 'high',
    says: 'it would change the modes or owners of everything below a folder at once',
    pattern: /(?:chmod|chown|chgrp)\s+(?:-\w+\s+)*(?:-\w*R\w*|-\w*r\w*|--recursive)/,
  },
  {
    risk: 'high',
    says: 'it would run a command that was given as text',
    pattern: /^(?:please |now |just )*(?:run|execute|exec|eval)\b.*[;|&`$<>{}()]/,
  },
]

/** words that look for or talk about something rather than do it. */
const harmlessStart =
  /^(?:please |can you |could you |hey |lotus,? )*(?:find|search|grep|look for|locate|count|how many|which files?|where|is there|are there|do i have|does|list|remember|note|keep in mind|remind|jot|forget|what do you (?:know|remember)|when|why|explain|what happens|what does)\b/

/** judges a goal; undefined where nothing dangerous was recognised. */
export function judgeDanger(text: string, tokens: readonly WordToken[]): Danger | undefined {
  const unquoted = withoutQuotes(text, tokens)
  const lower = withoutSums(unquoted.toLowerCase().replace(/[’‘]/g, "'").replace(/\s+/g, ' ').trim())
  const softened = harmlessStart.test(lower)
  // in base forms, too: `free up space by deleting everything in /usr`
  const base = withoutSums(
    tokens
      .map((token) => (token.kind === 'quoted' ? '""' : token.kind === 'word' ? token.lemma : token.lower))
      .join(' '),
  )
  for (const rule of rules) {
    if (!rule.pattern.test(lower) && !rule.pattern.test(base)) continue
    // looking for a word in files, or keeping a note about it, is no attack; touching secrets is one all the same.
    if (softened && !new RegExp(secretPlaces).test(lower)) continue
    return { risk: rule.risk, danger: rule.says }
  }
  return undefined
}

const secretPlaces = '\\.ssh/id_|/etc/g?shadow|private (?:ssh )?keys?\\b(?!\\w)'

/** `what is 1/0`: the stroke of a sum is no path. only behind a word that asks for one, since `rm 1 / 2` is none. */
const withoutSums = (text: string): string =>
  text.replace(
    /(\b(?:what(?:'s| is| be)|calculate|compute|work out|evaluate|how much (?:is|be)) )([-+*/^()%\d.\s]+)/g,
    (_, ask: string, sum: string) => ask + sum.replace(/(?<=[\d)]\s?)\/(?=\s?[\d(])/g, '÷'),
  )

/** the text with every quotation that is not a path blanked, so that contents are not judged as deeds. */
function withoutQuotes(text: string, tokens: readonly WordToken[]): string {
  let result = ''
  let at = 0
  for (const token of tokens) {
    if (token.kind !== 'quoted') continue
    const isPath = /^(?:~|\.{0,2})\/\S*$/.test(token.value)
    result += `${text.slice(at, token.at)}${isPath ? token.value : '""'}`
    at = token.end
  }
  return result + text.slice(at)
}
