/** As one word of a POSIX shell, whatever it holds. */
export const quotedWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
