/** Metadata names under which a route says what its caller must be allowed. */
export const NEEDED_SCOPES = 'yidian:scopes';
export const NEEDED_ROLES = 'yidian:roles';
