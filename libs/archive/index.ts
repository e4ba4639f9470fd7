export * from './archive';
export * from './directory-archive';
