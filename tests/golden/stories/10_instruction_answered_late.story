# An instruction of the city joins the open case, is signed in time and answered too late. A second one has its own answer.
Li is an operator
rule loan_fee: loan, grooming, 55 points, half-life 7 days

10:00 an SMS from 17012345678 to 13900001111 says "贷款解冻费"; matched loan_fee
then the case of 13900001111 is open and medium
10:04 instruction A-17 comes from the city centre for 13900001111: high loan, issued 09:55, "请立即劝阻"
then the case of 13900001111 is open and high
then 13900001111 has 1 case
then the case of 13900001111 has 55 points: loan_fee 55
then the case of 13900001111 says "instruction A-17"
then instruction A-17 is received, in time
# its clocks run from 09:55: sign within 15 minutes, answer within 8 hours
then the feedback of 13900001111 is due 17:55
# the same instruction once more changes nothing
10:05 instruction A-17 comes from the city centre for 13900001111: critical loan, issued 09:55, "请立即劝阻"
then the case of 13900001111 is open and high
10:09 Li signs instruction A-17
then instruction A-17 is signed, in time
10:09 Li signs instruction A-17
refused: was signed by Li
10:10 Li claims the call of 13900001111
10:11 Li records reached, called_back, line cut on the call of 13900001111
then instruction A-17 is in_hand, in time
11:00 instruction B-2 comes from the province for 13900001111: medium loan, issued 10:30, "核查"
then 13900001111 has 1 case
12:00 Li closes the case of 13900001111 as dissuaded
# closing ends the call, not the answers that are owed
then the feedback of 13900001111 is waiting
17:54 nothing happens
then instruction A-17 is in_hand, in time
17:55 nothing happens
then instruction A-17 is overdue, too late
18:30 Li feeds back on instruction A-17: contacted, "已电话劝阻，未受损"
then instruction A-17 is fed_back, too late
18:31 Li feeds back on instruction B-2: contacted, "同案，已劝阻"
then instruction B-2 is fed_back
then the feedback of 13900001111 is done
18:32 Li feeds back on instruction B-2: met, "again"
refused: was answered by Li already
then on day 5 closed_loop_rate is 1/2
