# A loan scam is stopped on the telephone, and the resident stays safe for thirty days.
Li is an operator
Wang is an operator
Chen is a supervisor
rule loan_fee: loan, grooming, 55 points, half-life 7 days

10:00 an SMS from 17012345678 to 13900001111 says "您的贷款已批，先交2000元解冻费"; matched loan_fee
then the case of 13900001111 is open and medium
then the case of 13900001111 has 55 points: loan_fee 55
then the queue is: call of 13900001111

10:04 Li claims the next task
then the call of 13900001111 is claimed by Li
10:05 Li records reached, question, line cut, stopped by operator on the call of 13900001111
then the call of 13900001111 is under_way by Li
10:12 Li closes the case of 13900001111 as dissuaded
then the case of 13900001111 is following_up and medium
then the call of 13900001111 is done
then the follow_up 24h of 13900001111 is due day 2 10:12
then the case of 13900001111 has no visit
then the queue is: empty

day 2 10:12 Wang claims the next task
then the follow_up 24h of 13900001111 is claimed by Wang
10:15 Wang follows up 13900001111 after 24h: no_loss, said by resident
then the follow_up 24h of 13900001111 is done
day 8 11:00 Wang follows up 13900001111 after 7d: no_loss, said by family
day 20 09:00 Chen decides that the case of 13900001111 is confirmed by content_confirmed_by_resident, independent_proof
then the case of 13900001111 is following_up
then on day 30 protected_rate is 0/0
day 31 11:00 Wang follows up 13900001111 after 30d: no_loss, said by resident
then the case of 13900001111 is settled
then on day 32 protected_rate is 1/1
then on day 32 dissuasion_success_rate is 1/1
then on day 32 reach_rate is 1/1
