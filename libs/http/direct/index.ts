export { DirectPosts } from './direct-posts';
export { DirectCall } from './direct-call';
export { DirectAnswer } from './direct-answer';
