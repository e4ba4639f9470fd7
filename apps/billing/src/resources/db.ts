/** Injection token of the service's own schema (type `Db` of @yidian/database). */
export const DB = Symbol('billing database');
