// Imported into a process that is measured: when it exits, the most memory that it had, in MB, is in the file that PEAK_MEMORY_FILE names.
import {writeFileSync} from 'node:fs'

process.once('exit', () => {
  const file = process.env.PEAK_MEMORY_FILE
  if (file !== undefined) writeFileSync(file, String(process.resourceUsage().maxRSS / 1024))
})
