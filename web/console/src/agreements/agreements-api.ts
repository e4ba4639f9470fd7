import { get, post, type Schemas } from '../api';

/** What banks and we say of agreements, and what people are told in the words of their branch. */
export type AgreementRun = Schemas['AgreementRun'];
export type AgreementBreak = Schemas['AgreementBreak'];
export type Resolution = Schemas['ResolveAgreementBreak']['resolution'];
export type BranchText = Schemas['BranchText'];
export type Measure = Schemas['BranchTextMeasure'];
export type TextCode = BranchText['code'];
export type TextLanguage = BranchText['language'];
interface List<T> {
  data: T[];
}

export const agreements = {
  runs: () => get<List<AgreementRun>>('/v1/agreement_books/runs'),
  breaks: () => get<List<AgreementBreak>>('/v1/agreement_books/breaks'),
  resolve: (id: string, resolution: Resolution, reason: string) =>
    post<AgreementBreak>(`/v1/agreement_books/breaks/${encodeURIComponent(id)}/resolutions`, { resolution, reason }),
  texts: () => get<List<BranchText>>('/v1/branch_texts'),
  measure: (code: TextCode, language: TextLanguage, text: string) =>
    post<Measure>('/v1/branch_text_measures', { code, language, text }),
  saveText: (body: { branch: string; code: TextCode; language: TextLanguage; text: string; reason: string }) =>
    post<void>('/v1/branch_texts', body),
};
