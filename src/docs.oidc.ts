/** What the operations about OpenID Connect answer with. */
import type { Answered } from './docs.answers.js';
import { ref } from './docs.schemas.js';

const RECORDED = 'Recorded; on disk when this answer comes.';

export const OIDC_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'PUT /api/v1/accounts/{id}/identity': [{ status: 200, description: RECORDED, schema: ref('WrittenDto'), etag: true }],
  'DELETE /api/v1/accounts/{id}/identity': [{ status: 200, description: RECORDED, schema: ref('WrittenDto'), etag: true }],
};
