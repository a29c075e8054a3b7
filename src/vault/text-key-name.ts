/** How the keys of single texts are named among the subjects of a sealed field: `text:BLOCK:NUMBER`. */
export const TEXT_KEY = 'text:';

export const isTextKey = (subject: string): boolean => subject.startsWith(TEXT_KEY);
