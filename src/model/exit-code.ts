/** The smallest and the largest exit code that one may write: Windows has 32 bits, given as signed or unsigned. */
export const exitCodeLimits = {least: -(2 ** 31), most: 2 ** 32 - 1} as const

/** The exit codes that are a success where nothing else is said. */
export const defaultSuccessCodes: readonly number[] = [0]

/** Whether `codes` has `exitCode`. One that was written as signed is the same as the unsigned one of the same 32 bits. */
export function includesExitCode(codes: readonly number[], exitCode: number): boolean {
  return codes.some(code => code >>> 0 === exitCode >>> 0)
}
