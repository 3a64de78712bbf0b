# Who closed a case does not say how it went. Their queue does not even offer it.
Li is an operator
Wang is an operator
rule loan_fee: loan, grooming, 55 points, half-life 7 days

10:00 an SMS from 17012345678 to 13900001111 says "贷款解冻费"; matched loan_fee
10:01 Li claims the next task
10:02 Wang follows up 13900001111 after 24h: no_loss
refused: the case is open
10:02 Li records reached, question, line cut on the call of 13900001111
10:03 Li closes the case of 13900001111 as dissuaded
day 2 10:03 Li claims the next task
then the follow_up 24h of 13900001111 is waiting
10:04 Li claims the follow_up 24h of 13900001111
refused: who closed the case may not follow it up
10:04 Li follows up 13900001111 after 24h: no_loss, said by resident
refused: who closed the case may not follow it up
10:05 Wang follows up 13900001111 after 1y: no_loss
refused: has no follow-up "1y": it has 24h, 7d, 30d
10:06 Wang claims the next task
then the follow_up 24h of 13900001111 is claimed by Wang
10:07 Wang records reached on the follow_up 24h of 13900001111
refused: record it as a follow-up
10:08 Wang follows up 13900001111 after 24h: unknown
10:09 Wang follows up 13900001111 after 24h: no_loss, said by family
then the follow_up 24h of 13900001111 is done
10:10 Wang follows up 13900001111 after 24h: no_loss
refused: is recorded already
# early is accepted too: due times only remind
10:11 Wang follows up 13900001111 after 7d: no_loss, said by family
then the follow_up 7d of 13900001111 is done
