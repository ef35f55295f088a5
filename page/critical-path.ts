import type {Bar, Row, RunModel} from './run-model.ts'

/**
 * An attempt that starts this long after another ended, in milliseconds, may still have waited for it: the pool and PowerShell take a moment in
 * between.
 */
const gapMs = 1500

/**
 * The chain of attempts that determined the duration of the run, in order. It is traced back from the attempt that ended last to what each one waited
 * for: an earlier attempt of the same task, a need, a task that held one of its locks, or the previous attempt in its slot.
 */
export function criticalPath({bars, plan}: Pick<RunModel, 'bars'> & Partial<Pick<RunModel, 'plan'>>): readonly Bar[] {
  const last = bars.reduce<Bar | undefined>((latest, bar) => (latest === undefined || bar.to > latest.to ? bar : latest), undefined)
  if (last === undefined) return []
  const byLane = new Map<number, Bar[]>()
  const byLock = new Map<string, Bar[]>()
  for (const bar of bars) {
    add(byLane, bar.lane, bar)
    for (const {name} of bar.row.plan?.locks ?? []) add(byLock, lockKey(bar.row, name), bar)
  }
  // An attempt that waits for its worker already has its slot.
  const slotFrom = new Map((plan?.waits ?? []).map(({worker, from, to}) => [`${worker} ${to}`, from]))
  const path = [last]
  const seen = new Set(path)
  for (let bar: Bar | undefined = last; bar !== undefined; ) {
    const before: Bar | undefined = blockerOf(bar, byLane, byLock, slotFrom.get(`${bar.attempt.worker} ${bar.from}`) ?? bar.from)
    if (before === undefined || seen.has(before)) break
    seen.add(before)
    path.push(before)
    bar = before
  }
  return path.reverse()
}

function blockerOf(
  bar: Bar,
  byLane: ReadonlyMap<number, readonly Bar[]>,
  byLock: ReadonlyMap<string, readonly Bar[]>,
  slotFrom: number
): Bar | undefined {
  const {row} = bar
  const own = row.bars[row.bars.indexOf(bar) - 1]
  if (own !== undefined) return own
  const ended = (candidates: readonly Bar[]) => candidates.filter(other => other.row !== row && other.to <= bar.from + 1)
  const needed = ended(row.needs.flatMap(need => need.bars.slice(-1)))
  const locked = ended((row.plan?.locks ?? []).flatMap(({name}) => byLock.get(lockKey(row, name)) ?? []))
  const earlier = ended(byLane.get(bar.lane) ?? [])
  const latest = [...needed, ...locked, ...earlier].reduce<Bar | undefined>(
    (found, other) => (found === undefined || other.to > found.to ? other : found),
    undefined
  )
  // A need counts however long ago it ended; others count only if nothing was free until then.
  return latest !== undefined && (slotFrom - latest.to <= gapMs || needed.includes(latest)) ? latest : undefined
}

/** Identifies a lock within its shard: a lock that counts over all machines has all its tasks in one shard. */
const lockKey = ({shard}: Row, name: string): string => `${shard ?? ''} ${name}`

/** A period in which a task could have started but for a lock that others held. */
export interface LockWait {
  readonly bar: Bar
  readonly lock: string
  readonly from: number
  readonly to: number
}

/** The periods in which tasks waited for locks. `startedAt`: start of the run, in milliseconds since the epoch. */
export function lockWaits(bars: readonly Bar[], startedAt: number): readonly LockWait[] {
  const byLock = new Map<string, Bar[]>()
  for (const bar of bars) for (const {name} of bar.row.plan?.locks ?? []) add(byLock, lockKey(bar.row, name), bar)
  return bars.flatMap(bar => {
    const {row} = bar
    if (row.bars[0] !== bar) return []
    const ready = Math.max(startedAt, ...row.needs.flatMap(need => need.bars.slice(-1).map(({to}) => to)))
    return (row.plan?.locks ?? []).flatMap(({name, room}): LockWait[] => {
      const holders = (byLock.get(lockKey(row, name)) ?? []).filter(other => other.row !== row && other.from < bar.from && other.to > ready)
      const ends = holders.map(({to}) => to).filter(to => to <= bar.from + 1)
      const wasFull = holders.length >= room && ends.length > 0
      const until = Math.max(...ends)
      return wasFull && until - ready > 1 ? [{bar, lock: name, from: ready, to: Math.min(until, bar.from)}] : []
    })
  })
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
