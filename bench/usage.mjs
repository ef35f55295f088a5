// Imported into a process that is measured: when it exits, the file that USAGE_FILE names has the most memory that it had, in MB, and its processor
// time, in seconds, without its children.
import {writeFileSync} from 'node:fs'

process.once('exit', () => {
  const file = process.env.USAGE_FILE
  if (file === undefined) return
  const {maxRSS, userCPUTime, systemCPUTime} = process.resourceUsage()
  writeFileSync(file, JSON.stringify({mb: maxRSS / 1024, seconds: (userCPUTime + systemCPUTime) / 1e6}))
})
