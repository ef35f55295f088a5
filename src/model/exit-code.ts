/** The range of exit codes in a list: Windows has 32 bits, written as signed or unsigned. */
export const exitCodeLimits = {least: -(2 ** 31), most: 2 ** 32 - 1} as const

/** The success codes of a task that names none. */
export const defaultSuccessCodes: readonly number[] = [0]

/** Whether `codes` includes `exitCode`. A signed code equals the unsigned one with the same 32 bits. */
export function includesExitCode(codes: readonly number[], exitCode: number): boolean {
  return codes.some(code => code >>> 0 === exitCode >>> 0)
}
