/** What each department logs most: the six kinds that a digit brings. */
export const FAVOURITES: Readonly<Record<string, readonly string[]>> = {
  service: ['call', 'issue-opened', 'issue-resolved', 'email', 'visit', 'outcome-confirmed'],
  sales: ['call', 'meeting', 'email', 'outreach', 'need-stated', 'decision-opened'],
  marketing: ['message-sent', 'message-response', 'event-attended', 'outreach', 'testimonial', 'call'],
  operations: ['onboarding-step', 'training-completed', 'visit', 'acceptance', 'call', 'email'],
  executive: ['meeting', 'call', 'business-review', 'visit', 'reference', 'note'],
  partner: ['call', 'meeting', 'referral', 'enquiry', 'visit', 'note'],
};
