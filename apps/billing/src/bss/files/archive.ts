/** Injection token of the archive of provinces' files (type `Archive` of @yidian/archive). */
export const ARCHIVE = Symbol('archive of credit files');
