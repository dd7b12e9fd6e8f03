/** Elasticsearch: named, with its leading fields. */
import { plain } from './app-kit.ts';

export const elasticsearch = plain({ name: 'elasticsearch', short: 'Elasticsearch', title: 'Elasticsearch' });
