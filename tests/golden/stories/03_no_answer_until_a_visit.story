# Nobody answers. The call comes back after 5 and 15 minutes; the third time somebody goes there.
Li is an operator
rule loan_fee: loan, grooming, 55 points, half-life 7 days

10:00 an SMS from 17012345678 to 13900001111 says "贷款解冻费"; matched loan_fee
10:01 Li claims the next task
10:02 Li records no_answer on the call of 13900001111
then the call of 13900001111 is waiting
then the queue is: empty
10:06 nothing happens
then the queue is: empty
10:07 nothing happens
then the queue is: call of 13900001111
10:08 Li claims the next task
10:08 Li records powered_off on the call of 13900001111
then the case of 13900001111 has no visit
10:22 nothing happens
then the queue is: empty
10:23 Li claims the next task
10:24 Li records no_answer on the call of 13900001111
then the visit of 13900001111 is waiting
# a medium case has no clock for a visit, so it takes the next level's: four hours
then the visit of 13900001111 is due 14:24
then the queue is: visit of 13900001111
11:24 nothing happens
then the queue is: visit of 13900001111, call of 13900001111
